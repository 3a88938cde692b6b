//! Somebody who is connected by Socket.IO, as orders know them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::{Context, Poll};

use application::live::Admitted;
use bytes::Bytes;
use domain::{RoomId, Seq};
use realtime::{Connection, Dialect};
use serde_json::Value;
use socketio::{Socket, Source};

use super::vocabulary::Vocabulary;
use crate::live::Peer;

/// How many members make a crowd: who has what is told in smaller rooms only, so that it need not be known
/// at once in these.
const CROWD: i64 = 100;

/// Somebody who is connected.
pub(super) struct Visitor {
    pub(super) peer: Rc<Peer>,
    pub(super) socket: Socket,
    speech: Cell<Speech>,
    /// Up to which revs the client has rooms that it has not joined yet.
    cursors: RefCell<BTreeMap<RoomId, i64>>,
    /// Messages that were told in other ways than by the hub.
    told: RefCell<Vec<(RoomId, Seq)>>,
    crowded: RefCell<Vec<RoomId>>,
}

/// In which vocabulary somebody speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speech {
    Unknown,
    /// So it seems, until they say something else.
    Supposed(Vocabulary),
    Known(Vocabulary),
}

impl Visitor {
    pub(super) fn new(peer: Rc<Peer>, socket: Socket, auth: &Value) -> Rc<Self> {
        let visitor = Self {
            peer,
            socket,
            speech: Cell::new(Speech::Unknown),
            cursors: RefCell::new(cursors(auth)),
            told: RefCell::default(),
            crowded: RefCell::default(),
        };
        let name = auth.get("vocabulary").and_then(Value::as_str);
        if let Some(vocabulary) = name.and_then(Vocabulary::named) {
            visitor.speak(Speech::Known(vocabulary));
        }
        Rc::new(visitor)
    }

    /// What they speak, as far as is known.
    pub(super) const fn vocabulary(&self) -> Option<Vocabulary> {
        match self.speech.get() {
            Speech::Unknown => None,
            Speech::Supposed(vocabulary) | Speech::Known(vocabulary) => Some(vocabulary),
        }
    }

    /// What they speak who say this. The first event settles it.
    pub(super) fn vocabulary_of(&self, event: &str, args: &[Value]) -> Option<Vocabulary> {
        if let Speech::Known(vocabulary) = self.speech.get() {
            return Some(vocabulary);
        }
        let spoken = Vocabulary::of(event, args)?;
        if self.vocabulary() != Some(spoken) {
            // What they were told in the other vocabulary they did not understand.
            for room in self.rooms() {
                self.peer.worker.shard.leave(&self.peer.connection, room);
            }
        }
        self.speak(Speech::Known(spoken));
        Some(spoken)
    }

    /// They seem to speak this, if nothing is known.
    pub(super) fn suppose(&self, vocabulary: Vocabulary) {
        if self.speech.get() == Speech::Unknown {
            self.speak(Speech::Supposed(vocabulary));
        }
    }

    fn speak(&self, speech: Speech) {
        self.speech.set(speech);
        let dialect = self.vocabulary().map(Vocabulary::dialect);
        self.peer.connection.speak(dialect);
        if self.vocabulary() == Some(Vocabulary::Direct) {
            self.peer.connection.ask_for_new_rooms();
        }
    }

    /// From now on they take their seats in this dialect of their vocabulary.
    pub(super) fn take_seats_in(&self, dialect: Dialect) {
        self.peer.connection.speak(Some(dialect));
    }

    /// Up to which rev the client has a room, if it said so when it connected. It is asked once.
    pub(super) fn take_cursor(&self, room: RoomId) -> Option<i64> {
        self.cursors.borrow_mut().remove(&room)
    }

    /// Rooms that the client said it had, and has not joined.
    pub(super) fn rooms_to_resume(&self) -> Vec<RoomId> {
        self.cursors.borrow().keys().copied().collect()
    }

    /// The rooms that they listen to.
    pub(super) fn rooms(&self) -> Vec<RoomId> {
        self.peer.connection.rooms()
    }

    /// They were told of everything in a room up to this.
    pub(super) fn was_told(&self, room: RoomId, admitted: &Admitted) {
        self.told.borrow_mut().push((room, admitted.seq));
        let mut crowded = self.crowded.borrow_mut();
        crowded.retain(|known| *known != room);
        if admitted.members > CROWD {
            crowded.push(room);
        }
    }

    /// Up to where they were told of rooms since this was last asked.
    pub(super) fn news(&self) -> Vec<(RoomId, Seq)> {
        let mut told = self.peer.worker.shard.heard(&self.peer.connection);
        told.append(&mut self.told.borrow_mut());
        told
    }

    /// Whether so many belong to a room that it is not told who has what.
    pub(super) fn is_crowded(&self, room: RoomId) -> bool {
        self.crowded.borrow().contains(&room)
    }
}

fn cursors(auth: &Value) -> BTreeMap<RoomId, i64> {
    let given = auth.get("cursors").and_then(Value::as_object);
    let given = given.into_iter().flatten();
    given
        .filter_map(|(room, rev)| {
            let room = RoomId::from_uuid(protocol::parse_id(room)?);
            Some((room, rev.as_i64().filter(|rev| *rev >= 0)?))
        })
        .take(protocol::limits::ROOMS_PER_CONNECTION)
        .collect()
}

/// What waits for a connection, for the transport to take.
pub(super) struct Outgoing(pub(super) Rc<Connection>);

impl Source for Outgoing {
    fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        self.0.poll(cx)
    }
}
