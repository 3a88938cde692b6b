//! What the tests have in common.

use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use domain::{ConnectionId, MessageId, Rev, RoomId, Seq, SessionId, UserId};
use futures::task::noop_waker_ref;
use uuid::Uuid;

use crate::connection::{Connection, Owner};
use crate::event::{Change, Encode};
use crate::frame::{Dialect, Frame};
use crate::hub::Hub;
use crate::queue::Bounds;
use crate::seat::Place;
use crate::shard::{Caught, Inbox, Memory, Shard};

pub(super) const OTHER: Dialect = Dialect::new(1);
pub(super) const SILENT: Dialect = Dialect::new(2);

pub(super) fn room(number: u128) -> RoomId {
    RoomId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn session(number: u128) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn rev(number: i64) -> Rev {
    Rev::new(number).unwrap()
}

pub(super) fn seq(number: i64) -> Seq {
    Seq::new(number).unwrap()
}

/// Somebody's only device.
pub(super) fn owner(number: u128) -> Owner {
    Owner {
        user: user(number),
        session: session(number),
    }
}

/// The listener may read everything, has everything up to there, and is a member since then.
pub(super) fn place(position: i64) -> Place {
    Place {
        floor: Seq::ZERO,
        position: rev(position),
        admitted: rev(position),
    }
}

/// A change whose frame says no more than its rev, and upon which one it follows: `7<6;`. Withheld it
/// is `7-6;`. In another dialect it says `*7;`, or `!7;` of a message that is
/// news, and in one more nothing at all.
struct Numbered(Rev, usize);

impl Encode for Numbered {
    fn told(&self, prev: Rev, dialect: Dialect, fresh: bool) -> Bytes {
        match dialect {
            OTHER if fresh => format!("!{};", self.0).into(),
            OTHER => format!("*{};", self.0).into(),
            SILENT => Bytes::new(),
            _ => format!("{}<{prev};", self.0).into(),
        }
    }

    fn called(&self, _: Rev, _: Dialect, name: &Bytes) -> Bytes {
        [name, &b";"[..]].concat().into()
    }

    fn withheld(&self, prev: Rev, _: Dialect) -> Bytes {
        format!("{}-{prev};", self.0).into()
    }

    fn weight(&self) -> usize {
        self.1
    }
}

pub(super) fn change(number: i64) -> Change {
    heavy(number, 1)
}

pub(super) fn heavy(number: i64, weight: usize) -> Change {
    Change {
        rev: rev(number),
        seq: None,
        message: None,
        posted: false,
        departed: None,
        member: None,
        frame: numbered(rev(number), weight),
    }
}

/// Says no more than a rev, and seems to hold on to so many bytes.
pub(super) fn numbered(number: Rev, weight: usize) -> Box<dyn Encode> {
    Box::new(Numbered(number, weight))
}

pub(super) fn changes(numbers: impl IntoIterator<Item = i64>) -> Vec<Change> {
    numbers.into_iter().map(change).collect()
}

pub(super) fn message(number: i64, place: i64) -> Change {
    Change {
        seq: Some(seq(place)),
        ..change(number)
    }
}

/// A message that was posted.
pub(super) fn post(number: i64, id: u128) -> Change {
    Change {
        message: Some(MessageId::from_uuid(Uuid::from_u128(id))),
        posted: true,
        ..message(number, number)
    }
}

pub(super) fn departure(number: i64, who: u128) -> Change {
    Change {
        departed: Some(user(who)),
        ..change(number)
    }
}

/// A member who may read nothing up to this place.
pub(super) fn membership(number: i64, who: u128, floor: i64) -> Change {
    Change {
        member: Some((user(who), seq(floor))),
        ..change(number)
    }
}

/// A frame that is the same in every dialect.
pub(super) fn said(text: &'static str) -> Frame {
    Frame::new(move |_| frame(text))
}

pub(super) fn frame(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

/// A node with one worker.
pub(super) struct Stage {
    pub(super) hub: Arc<Hub>,
    pub(super) shard: Rc<Shard>,
    inbox: Inbox,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self::with(Bounds::default())
    }

    /// A stage on which at most this many frames may be queued per connection.
    pub(super) fn narrow(frames: usize) -> Self {
        Self::with(Bounds {
            bytes: 1024,
            frames,
        })
    }

    fn with(bounds: Bounds) -> Self {
        let hub = Hub::new(bounds);
        let (shard, inbox) = Shard::open(&hub);
        Self { hub, shard, inbox }
    }

    pub(super) fn into_parts(self) -> (Rc<Shard>, Inbox) {
        (self.shard, self.inbox)
    }

    pub(super) fn connect(&self, number: u128) -> Rc<Connection> {
        let id = ConnectionId::from_uuid(Uuid::from_u128(number));
        self.shard.connect(id, owner(number))
    }

    /// A listener that is live from where the room is.
    pub(super) fn listener(&self, number: u128, of: RoomId, position: i64) -> Rc<Connection> {
        let connection = self.connect(number);
        self.sit(&connection, of, position);
        connection
    }

    pub(super) fn sit(&self, connection: &Rc<Connection>, of: RoomId, position: i64) {
        self.shard.sit(connection, of);
        self.hub.reach(of, rev(position), None);
        assert!(self.shard.place(connection, of, place(position)));
        let up = Caught::Up {
            at: rev(position),
            told: 0,
        };
        assert_eq!(self.shard.catch_up(connection, of, Memory::Last), up);
    }

    /// The worker takes everything in its inbox.
    pub(super) fn deliver(&mut self) {
        let mut waiting = std::iter::from_fn(|| self.inbox.0.try_recv().ok()).collect();
        self.shard.take(&mut waiting);
    }

    /// The worker loses everything in its inbox.
    pub(super) fn lose(&mut self) {
        while self.inbox.0.try_recv().is_ok() {}
    }
}

/// The next piece that is written, if there is one.
pub(super) fn piece(connection: &Connection) -> Option<Bytes> {
    match connection.poll(&Context::from_waker(noop_waker_ref())) {
        Poll::Ready(piece) => piece,
        Poll::Pending => None,
    }
}

/// Everything queued for a connection.
pub(super) fn read(connection: &Connection) -> String {
    let pieces = std::iter::from_fn(|| piece(connection));
    pieces
        .map(|piece| String::from_utf8(piece.to_vec()).unwrap())
        .collect()
}
