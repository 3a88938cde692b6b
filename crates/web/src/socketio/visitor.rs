//! A client connected by Socket.IO, as its orders see it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::{Context, Poll};

use application::live::Admitted;
use bytes::Bytes;
use domain::{RoomId, Seq};
use protocol::limits::ROOMS_PER_CONNECTION;
use protocol::{FieldCode, FieldError};
use realtime::{Connection, Dialect};
use serde_json::Value;
use socketio::{Socket, Source};

use super::answers::complain;
use super::unheard::Unheard;
use super::vocabulary::{Vocabulary, bad, unacceptable};
use crate::error::ApiError;
use crate::live::Peer;

/// Rooms with more members than this are crowded: who has received what is announced in smaller rooms
/// only, so in crowded ones it is less urgent.
const CROWD: i64 = 100;

/// The field of the handshake's `auth` with the revs that the client has of rooms.
const CURSORS: &str = "cursors";
/// The field beside it that names the client's vocabulary.
const VOCABULARY: &str = "vocabulary";
/// The number of characters of an id.
const LONGEST_ID: usize = 36;

/// A client connected by Socket.IO.
pub(super) struct Visitor {
    pub(super) peer: Rc<Peer>,
    pub(super) socket: Socket,
    speech: Cell<Speech>,
    /// The revs that the client has of rooms which it has not joined yet.
    cursors: RefCell<BTreeMap<RoomId, i64>>,
    /// Messages that were sent by other ways than the hub.
    told: RefCell<Vec<(RoomId, Seq)>>,
    crowded: RefCell<Vec<RoomId>>,
    pub(super) unheard: Unheard,
}

/// Which vocabulary a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speech {
    Unknown,
    /// Assumed, until the client says something else.
    Supposed(Vocabulary),
    Known(Vocabulary),
}

impl Visitor {
    pub(super) fn new(peer: Rc<Peer>, socket: Socket, auth: &Value) -> Rc<Self> {
        let (cursors, wrong) = cursors(auth);
        if let Some(error) = wrong {
            complain(&socket, &error);
        }
        let visitor = Self {
            peer,
            socket,
            speech: Cell::new(Speech::Unknown),
            cursors: RefCell::new(cursors),
            told: RefCell::default(),
            crowded: RefCell::default(),
            unheard: Unheard::default(),
        };
        match named(auth) {
            Ok(Some(vocabulary)) => visitor.speak(Speech::Known(vocabulary)),
            Ok(None) => (),
            Err(error) => complain(&visitor.socket, &error),
        }
        Rc::new(visitor)
    }

    /// The vocabulary of the client, as far as is known.
    pub(super) const fn vocabulary(&self) -> Option<Vocabulary> {
        match self.speech.get() {
            Speech::Unknown => None,
            Speech::Supposed(vocabulary) | Speech::Known(vocabulary) => Some(vocabulary),
        }
    }

    /// The vocabulary in which to read this event.
    pub(super) fn vocabulary_of(&self, event: &str, args: &[Value]) -> Option<Vocabulary> {
        match self.speech.get() {
            Speech::Known(vocabulary) => Some(vocabulary),
            Speech::Unknown | Speech::Supposed(_) => Vocabulary::of(event, args),
        }
    }

    /// Settles the vocabulary, with the first event that is understood.
    pub(super) fn settle(&self, spoken: Vocabulary) {
        if matches!(self.speech.get(), Speech::Known(_)) {
            return;
        }
        if self.vocabulary() != Some(spoken) {
            // The client did not understand what it was sent in the other vocabulary.
            for room in self.rooms() {
                self.peer.worker.shard.leave(&self.peer.connection, room);
            }
        }
        self.speak(Speech::Known(spoken));
    }

    /// Assumes a vocabulary, if nothing is known yet.
    pub(super) fn suppose(&self, vocabulary: Vocabulary) {
        if self.speech.get() == Speech::Unknown {
            self.speak(Speech::Supposed(vocabulary));
        }
    }

    /// Whether they speak `direct`, and so listen to all of their direct rooms.
    pub(super) fn speaks_direct(&self) -> bool {
        self.vocabulary() == Some(Vocabulary::Direct)
    }

    fn speak(&self, speech: Speech) {
        self.speech.set(speech);
        let dialect = self.vocabulary().map(Vocabulary::dialect);
        self.peer.connection.speak(dialect);
        if self.speaks_direct() {
            self.peer.connection.ask_for_new_rooms();
        }
    }

    /// From now on, seats are taken in this dialect of the vocabulary.
    pub(super) fn take_seats_in(&self, dialect: Dialect) {
        self.peer.connection.speak(Some(dialect));
    }

    /// The rev that the client said it had of a room when it connected, unless it has joined since.
    pub(super) fn cursor(&self, room: RoomId) -> Option<i64> {
        self.cursors.borrow().get(&room).copied()
    }

    /// Forgets what the client said of a room when it connected.
    pub(super) fn forget_cursor(&self, room: RoomId) {
        self.cursors.borrow_mut().remove(&room);
    }

    /// Rooms that the client said it had, and has not joined yet.
    pub(super) fn rooms_to_resume(&self) -> Vec<RoomId> {
        self.cursors.borrow().keys().copied().collect()
    }

    /// The rooms that the client listens to.
    pub(super) fn rooms(&self) -> Vec<RoomId> {
        self.peer.connection.rooms()
    }

    /// Records that the client was sent everything in a room up to its last message.
    pub(super) fn was_told(&self, room: RoomId, admitted: &Admitted) {
        self.told.borrow_mut().push((room, admitted.seq));
        let mut crowded = self.crowded.borrow_mut();
        crowded.retain(|known| *known != room);
        if admitted.members > CROWD {
            crowded.push(room);
        }
    }

    /// The last messages sent in each room since the last call.
    pub(super) fn news(&self) -> Vec<(RoomId, Seq)> {
        let mut told = self.peer.worker.shard.delivered(&self.peer.connection);
        told.append(&mut self.told.borrow_mut());
        told
    }

    /// Whether a room has too many members for receipts to be announced.
    pub(super) fn is_crowded(&self, room: RoomId) -> bool {
        self.crowded.borrow().contains(&room)
    }
}

/// The vocabulary that a client names in its handshake.
fn named(auth: &Value) -> Result<Option<Vocabulary>, ApiError> {
    match auth.get(VOCABULARY) {
        None | Some(Value::Null) => Ok(None),
        Some(name) => name
            .as_str()
            .and_then(Vocabulary::named)
            .map(Some)
            .ok_or_else(|| {
                let words = "must be rooms, conversations, direct or convo";
                bad(VOCABULARY, FieldCode::Unknown, words)
            }),
    }
}

/// The revs that a client says it has of rooms, and the errors in that.
fn cursors(auth: &Value) -> (BTreeMap<RoomId, i64>, Option<ApiError>) {
    let mut cursors = BTreeMap::new();
    let given = match auth.get(CURSORS) {
        None | Some(Value::Null) => return (cursors, None),
        Some(Value::Object(given)) => given,
        Some(_) => {
            let error = bad(CURSORS, FieldCode::Type, "must be an object");
            return (cursors, Some(error));
        }
    };
    let mut wrong = Vec::new();
    for (room, rev) in given.iter().take(ROOMS_PER_CONNECTION) {
        match cursor(room, rev) {
            Ok((room, rev)) => {
                cursors.insert(room, rev);
            }
            Err((code, message)) => {
                // What is not an id may be of any length.
                let name: String = room.chars().take(LONGEST_ID).collect();
                wrong.push(FieldError::new(format!("{CURSORS}.{name}"), code, message));
            }
        }
    }
    if given.len() > ROOMS_PER_CONNECTION {
        let words = format!("must have at most {ROOMS_PER_CONNECTION} rooms");
        wrong.push(FieldError::new(CURSORS, FieldCode::TooMany, words));
    }
    let error = (!wrong.is_empty()).then(|| unacceptable(wrong));
    (cursors, error)
}

fn cursor(room: &str, rev: &Value) -> Result<(RoomId, i64), (FieldCode, &'static str)> {
    let id = protocol::parse_id(room).ok_or((FieldCode::Format, "must be keyed by a room's id"))?;
    let rev = rev.as_i64().filter(|rev| *rev >= 0);
    let rev = rev.ok_or((FieldCode::Type, "must be a rev"))?;
    Ok((RoomId::from_uuid(id), rev))
}

/// The queue of a connection, as a source for the transport.
pub(super) struct Outgoing(pub(super) Rc<Connection>);

impl Source for Outgoing {
    fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        self.0.poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn read(cursors_of: &Value) -> (usize, Vec<String>) {
        let (known, error) = cursors(&json!({ "cursors": cursors_of }));
        let fields = error.as_ref().map_or(&[][..], ApiError::fields);
        let told = |one: &FieldError| format!("{} {}", one.field, one.code.as_str());
        (known.len(), fields.iter().map(told).collect())
    }

    #[test]
    fn what_is_wrong_with_cursors_is_told_and_the_rest_counts() {
        let id = "0195b4a0-0000-7000-8000-000000000001";
        let other = "0195b4a0-0000-7000-8000-000000000002";
        assert_eq!(read(&json!(null)), (0, vec![]));
        assert_eq!(read(&json!({ id: 7 })), (1, vec![]));
        assert_eq!(read(&json!([id])), (0, vec!["cursors type".to_owned()]));
        let mixed = json!({ id: 7, other: -1, "x".repeat(100): 1 });
        let wrong = vec![
            format!("cursors.{other} type"),
            format!("cursors.{} format", "x".repeat(36)),
        ];
        assert_eq!(read(&mixed), (1, wrong));
    }

    #[test]
    fn no_more_rooms_are_resumed_than_a_connection_may_have() {
        let many = (0..=500).map(|number| (Uuid::from_u128(number).to_string(), json!(1)));
        let (known, wrong) = read(&Value::Object(many.collect()));
        assert_eq!((known, wrong), (500, vec!["cursors too_many".to_owned()]));
    }
}
