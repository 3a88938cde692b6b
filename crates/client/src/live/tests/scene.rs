//! A conversation with a server that the test plays.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::live::events::{Events, queue};
use crate::live::outbox::Letter;
use crate::live::talk::{Order, Talk};
use crate::{Draft, Error, Event, Since, Stand, Standing, shape};

pub(super) const EPOCH: &str = "one";

pub(super) struct Scene {
    pub(super) talk: Talk,
    pub(super) events: Events,
    pub(super) now: Instant,
}

/// The room with this number.
pub(super) fn room(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

impl Scene {
    pub(super) fn new(standing: Standing) -> Self {
        Self::waiting(standing, 1024)
    }

    pub(super) fn waiting(standing: Standing, waiting: usize) -> Self {
        let open = Arc::new(CancellationToken::new().drop_guard());
        let (teller, events) = queue(waiting, standing.clone(), open);
        Self {
            talk: Talk::new(standing, teller),
            events,
            now: Instant::now(),
        }
    }

    /// Subscribed to these rooms from these revs, with a connection.
    pub(super) fn live(revs: &[(u128, i64)]) -> Self {
        let mut scene = Self::new(Standing {
            epoch: Some(EPOCH.into()),
            revs: revs
                .iter()
                .map(|(number, rev)| (room(*number), *rev))
                .collect(),
        });
        scene.connects(EPOCH);
        if revs.is_empty() {
            scene.heard();
            return scene;
        }
        let asked = scene.asks("subscribe");
        let told: Vec<_> = revs
            .iter()
            .map(|(number, rev)| (*number, *rev, false))
            .collect();
        scene.acks_rooms(&asked, &told);
        scene.heard();
        scene
    }

    /// Receives a frame.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "frames are written where they are said"
    )]
    pub(super) fn says(&mut self, frame: Value) {
        self.talk.hear(&frame.to_string(), self.now);
    }

    pub(super) fn connects(&mut self, epoch: &str) {
        self.says(json!({
            "type": "ready", "userId": room(91), "sessionId": room(92), "connectionId": room(93),
            "epoch": epoch, "heartbeat": 25, "serverTime": "2026-01-02T03:04:05.678Z"
        }));
    }

    /// Acknowledges a subscription.
    pub(super) fn acks_rooms(&mut self, asked: &Value, told: &[(u128, i64, bool)]) {
        let rooms: serde_json::Map<_, _> = told
            .iter()
            .map(|(number, rev, reset)| {
                let told = json!({
                    "rev": rev, "seq": 0, "readSeq": 0, "deliveredSeq": 0, "replayed": 0, "reset": reset
                });
                (room(*number).to_string(), told)
            })
            .collect();
        self.says(json!({ "type": "ack", "id": asked["id"], "rooms": rooms }));
    }

    /// A message was posted in a room.
    pub(super) fn posts(&mut self, number: u128, prev: i64, rev: i64) {
        self.says(json!({
            "type": "message", "op": "created", "roomId": room(number), "rev": rev, "prev": prev,
            "message": message(number, rev)
        }));
    }

    /// The frames to be sent.
    pub(super) fn out(&mut self) -> Vec<Value> {
        let frames = std::iter::from_fn(|| self.talk.next_frame());
        frames
            .map(|text| serde_json::from_str(&text).unwrap())
            .collect()
    }

    /// The only frame to be sent, which must be of this type.
    pub(super) fn asks(&mut self, kind: &str) -> Value {
        let mut out = self.out();
        assert_eq!(out.len(), 1, "{out:?}");
        assert_eq!(out[0]["type"], kind);
        out.remove(0)
    }

    pub(super) fn follows(
        &mut self,
        number: u128,
        since: Since,
    ) -> oneshot::Receiver<Result<Stand, Error>> {
        let (reply, answer) = oneshot::channel();
        let order = Order::Subscribe {
            room: room(number),
            since,
            reply,
        };
        self.talk.order(order, self.now);
        answer
    }

    pub(super) fn sends(
        &mut self,
        number: u128,
        text: &str,
    ) -> oneshot::Receiver<Result<shape::Message, Error>> {
        let message = Draft::text(text).into_post().unwrap();
        let (reply, answer) = oneshot::channel();
        let client_id = message.client_id.unwrap();
        let letter = Letter {
            client_id,
            room: room(number),
            message,
            reply,
        };
        self.talk.order(Order::Post(letter), self.now);
        answer
    }

    /// The events so far.
    pub(super) fn heard(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| futures::FutureExt::now_or_never(self.events.next()).flatten())
            .collect()
    }

    /// The revs of a room's events so far.
    pub(super) fn revs(&mut self, number: u128) -> Vec<i64> {
        let places = self.heard().into_iter().filter_map(|event| event.place());
        places
            .filter(|(of, _)| *of == room(number))
            .map(|(_, rev)| rev)
            .collect()
    }
}

pub(super) fn message(number: u128, rev: i64) -> Value {
    json!({
        "id": Uuid::from_u128(1000 + number * 1000 + u128::try_from(rev).unwrap()),
        "roomId": room(number), "seq": rev, "rev": rev, "senderId": room(99),
        "sender": { "id": room(99), "username": "ana", "displayName": "Ana" },
        "content": rev.to_string(), "replyCount": 0, "attachments": [], "mentions": [],
        "reactions": [], "createdAt": "2026-01-02T03:04:05.678Z", "pinned": false
    })
}
