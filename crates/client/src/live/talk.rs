//! The protocol's state machine: everything that a connection decides. Does no I/O and reads no
//! clock: it is told what arrives and what time it is, and returns the frames to send.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use protocol::realtime::{Ack, ClientFrame, Command, ServerFrame, Subscribe};
use protocol::{ErrorCode, Secret};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::events::Teller;
use super::frame::{self, Heard};
use super::outbox::{Letter, Outbox};
use super::places::{Places, Reset, Verdict};
use super::questions::{Hear, Purpose, Questions};
use super::{Event, Gone, Since, Stand, Standing};
use crate::{Error, Problem};

type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// An order of the program.
pub(super) enum Order {
    Subscribe {
        room: Uuid,
        since: Since,
        reply: Reply<Stand>,
    },
    Unsubscribe {
        room: Uuid,
    },
    Post(Letter),
    Ask {
        command: Command,
        hear: Option<Hear>,
        reply: Reply<Ack>,
    },
    /// A command without a response, which is dropped if there is no connection.
    Tell(Command),
}

/// The conversation of one program with a server, across any number of connections.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) places: Places,
    pub(super) outbox: Outbox,
    pub(super) questions: Questions,
    /// Callers that wait until a room is live.
    pub(super) waiting: BTreeMap<Uuid, Vec<Reply<Stand>>>,
    pub(super) teller: Teller,
    frames: VecDeque<String>,
    ready: bool,
    /// How long to wait before reconnecting, as requested by a server that is shutting down.
    pub(super) away: Option<Duration>,
    /// In how many seconds the token of this connection expires.
    pub(super) expires_in: Option<u64>,
}

impl Talk {
    pub(super) fn new(standing: Standing, teller: Teller) -> Self {
        Self {
            places: Places::of(standing),
            outbox: Outbox::default(),
            questions: Questions::default(),
            waiting: BTreeMap::new(),
            teller,
            frames: VecDeque::new(),
            ready: false,
            away: None,
            expires_in: None,
        }
    }

    /// The next frame to send.
    pub(super) fn next_frame(&mut self) -> Option<String> {
        self.frames.pop_front()
    }

    pub(super) const fn is_ready(&self) -> bool {
        self.ready
    }

    /// When something is due even if nothing arrives.
    pub(super) fn due(&self) -> Option<Instant> {
        self.places.due().into_iter().chain(self.outbox.due()).min()
    }

    /// Whether to ask for a notification when events were taken.
    pub(super) fn holds_some(&self) -> bool {
        self.places.holds_some()
    }

    /// Events were taken, so that there is capacity for more.
    pub(super) fn released(&mut self, now: Instant) {
        self.places.release();
        self.go_on(now);
    }

    /// The connection ended.
    pub(super) fn lost(&mut self) {
        self.ready = false;
        self.frames.clear();
        self.expires_in = None;
        self.questions.lost();
        self.places.lost();
        self.outbox.lost();
    }

    /// There will be no more connections.
    pub(super) fn over(&mut self) {
        self.outbox.over();
        for reply in std::mem::take(&mut self.waiting).into_values().flatten() {
            drop(reply.send(Err(Error::Closed)));
        }
    }

    /// Carries out an order of the program.
    pub(super) fn order(&mut self, order: Order, now: Instant) {
        match order {
            Order::Subscribe { room, since, reply } => {
                self.places.follow(room, since);
                self.waiting.entry(room).or_default().push(reply);
            }
            Order::Unsubscribe { room } => {
                if self.places.forget(room) {
                    self.gone(room, Gone::Unsubscribed);
                    self.tell(Command::Unsubscribe { rooms: vec![room] });
                }
            }
            Order::Post(letter) => self.outbox.put(letter),
            Order::Ask {
                command,
                hear,
                reply,
            } => self.ask(command, hear, reply),
            Order::Tell(command) => self.tell(command),
        }
        self.go_on(now);
    }

    /// Shows the server a fresh token.
    pub(super) fn show(&mut self, token: Secret) {
        self.put(Command::Auth { token }, Purpose::Nothing);
    }

    fn ask(&mut self, command: Command, hear: Option<Hear>, reply: Reply<Ack>) {
        let refusal = match (self.ready, self.questions.is_full()) {
            (false, _) => Error::Disconnected,
            (_, true) => Error::Full,
            (true, false) => return self.put(command, Purpose::Asked { reply, hear }),
        };
        drop(reply.send(Err(refusal)));
    }

    /// Queues whatever is due to be sent now.
    pub(super) fn go_on(&mut self, now: Instant) {
        if !self.ready {
            return;
        }
        loop {
            let id = self.questions.name();
            let rooms = self.places.ask(id, now);
            if rooms.is_empty() {
                break;
            }
            let epoch = self.places.epoch().map(str::to_owned);
            self.put_as(
                id,
                Command::Subscribe(Subscribe { rooms, epoch }),
                Purpose::Subscribe,
            );
        }
        while let Some(letter) = self.outbox.next(now) {
            let (client_id, room_id, message) =
                (letter.client_id, letter.room, letter.message.clone());
            self.put(Command::Send { room_id, message }, Purpose::Post(client_id));
        }
    }

    fn put(&mut self, command: Command, purpose: Purpose) {
        let id = self.questions.name();
        self.put_as(id, command, purpose);
    }

    fn put_as(&mut self, id: u64, command: Command, purpose: Purpose) {
        self.questions.ask(id, purpose);
        self.frames.extend(text(&ClientFrame {
            command,
            id: Some(id),
        }));
    }

    fn tell(&mut self, command: Command) {
        if self.ready {
            self.frames.extend(text(&ClientFrame { command, id: None }));
        }
    }

    /// Handles a frame from the server.
    pub(super) fn hear(&mut self, text: &str, now: Instant) {
        match frame::read(text) {
            Heard::Known(frame) => self.take(*frame, now),
            Heard::Strange(strange) => {
                tracing::debug!(kind = strange.kind, "skipped a frame of an unknown type");
                if let Some((room, prev, rev)) = strange.place() {
                    self.weigh(room, prev, rev);
                } else if let Some(id) = strange.id {
                    let unreadable = Error::Unreadable("the response has an unknown type".into());
                    self.answered(id, Err(unreadable), now);
                }
            }
            Heard::Nothing => tracing::debug!("skipped a frame that is not of this protocol"),
        }
        self.go_on(now);
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others are for the program"
    )]
    fn take(&mut self, frame: ServerFrame, now: Instant) {
        match frame {
            ServerFrame::Ready {
                connection_id,
                epoch,
                ..
            } => {
                self.ready = true;
                self.places.greeted(&epoch);
                self.teller.tell(Event::Connected {
                    connection: connection_id,
                    epoch,
                });
            }
            ServerFrame::Ack { id, ack } => self.answered(id, Ok(ack), now),
            ServerFrame::Pong { id: Some(id) } => self.answered(id, Ok(Ack::Done {}), now),
            ServerFrame::Error {
                id,
                code,
                message: detail,
                errors,
                retry_after,
            } => {
                let problem = Problem {
                    detail,
                    errors,
                    retry_after,
                    ..Problem::of(code)
                };
                self.refused(id, problem, now);
            }
            ServerFrame::Resumed {
                room_id,
                rev,
                reset,
            } => self.resumed(room_id, rev, reset),
            ServerFrame::RoomRemoved { room_id, reason } => {
                self.places.forget(room_id);
                self.gone(room_id, Gone::Removed(reason));
            }
            ServerFrame::SummaryPart { id, text, .. } => self.questions.hear(id, &text),
            ServerFrame::TokenExpiring { seconds } => self.expires_in = Some(seconds),
            ServerFrame::Shutdown { reconnect_in } => {
                self.away = Some(Duration::from_millis(reconnect_in));
            }
            // For the first of these, the close frame follows and says the same; lagging rooms are
            // resumed without being asked for.
            ServerFrame::SessionRevoked
            | ServerFrame::Lagging { .. }
            | ServerFrame::Pong { id: None } => {}
            ServerFrame::Skip { room_id, rev, prev } => drop(self.weigh(room_id, prev, rev)),
            other => self.happened(other),
        }
    }

    fn resumed(&mut self, room: Uuid, rev: i64, reset: bool) {
        if let Some(Reset { stood }) = self.places.resumed(room, rev, reset) {
            self.teller.tell(Event::Reset { room, rev, stood });
        }
    }

    fn refused(&mut self, id: Option<u64>, problem: Problem, now: Instant) {
        tracing::debug!(code = %problem.code, "the server refused a command");
        if let Some(id) = id {
            self.answered(id, Err(problem.into()), now);
        }
    }

    fn happened(&mut self, frame: ServerFrame) {
        let place = place(&frame);
        let is_news = match place {
            Some((room, prev, rev)) => self.weigh(room, prev, rev) == Verdict::Next,
            None => true,
        };
        if let Some(event) = Event::of(frame).filter(|_| is_news) {
            self.teller.tell(event);
        }
    }

    fn weigh(&mut self, room: Uuid, prev: i64, rev: i64) -> Verdict {
        let verdict = self.places.weigh(room, prev, rev, self.teller.has_room());
        if verdict == Verdict::Hole {
            tracing::debug!(%room, prev, rev, "a gap before this frame; subscribing again");
        }
        verdict
    }

    pub(super) fn gone(&mut self, room: Uuid, why: Gone) {
        self.teller.tell(Event::Lost { room, why });
        for reply in self.waiting.remove(&room).unwrap_or_default() {
            let code = match why {
                Gone::Refused(code) => code,
                Gone::Removed(_) | Gone::Unsubscribed => ErrorCode::Forbidden,
            };
            drop(reply.send(Err(Problem::of(code).into())));
        }
    }
}

/// Serialises a frame. It cannot fail; if it did, the frame could not be sent.
fn text(frame: &ClientFrame) -> Option<String> {
    serde_json::to_string(frame).ok()
}

/// The position of a durable frame.
#[expect(clippy::wildcard_enum_match_arm, reason = "all others are not durable")]
const fn place(frame: &ServerFrame) -> Option<(Uuid, i64, i64)> {
    match frame {
        ServerFrame::Message {
            room_id, prev, rev, ..
        }
        | ServerFrame::Member {
            room_id, prev, rev, ..
        }
        | ServerFrame::Room {
            room_id, prev, rev, ..
        } => Some((*room_id, *prev, *rev)),
        _ => None,
    }
}
