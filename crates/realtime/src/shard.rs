//! The connections of one worker.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use domain::{ConnectionId, Rev, RoomId, Seq};
use tokio::sync::mpsc::Receiver;

use crate::connection::{Connection, Owner};
use crate::event::Event;
use crate::frame::Dialect;
use crate::hub::Hub;
use crate::item::Item;
use crate::outlet::Outlet;
use crate::seat::{Advance, Phase, Piece, Place, Seat};
use crate::tables::Tables;
use crate::turns::Turns;

/// The connections of one worker, and their seats. It never leaves the worker's thread, so nothing in it
/// needs a lock.
pub struct Shard {
    hub: Arc<Hub>,
    number: usize,
    pub(crate) outlet: Outlet,
    pub(crate) tables: RefCell<Tables>,
    pub(crate) turns: Rc<Turns>,
}

/// Items from the hub that a worker has not processed yet.
pub struct Inbox(pub(crate) Receiver<Item>);

/// What a catching-up listener receives for a message that changed more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Its latest state: for instance, nothing of what a deleted message once said.
    Last,
    /// Each of its changes, for listeners that must receive a message before its changes.
    Each,
}

/// How a listener goes live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// Once it has been given everything since its position.
    Replayed,
    /// From where the room is now, whatever came before.
    Anew,
}

/// How far a listener got with what this node remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caught {
    /// It has no seat there.
    Gone,
    /// It is live from now on.
    Up {
        /// The rev that it has reached.
        at: Rev,
        /// How many frames were queued for that.
        told: usize,
    },
    /// Its queue has no room for more: it has to catch up further once that has drained.
    Part {
        /// How many frames were queued until then.
        told: usize,
    },
    /// The store has to be read for what comes after this rev.
    Missing(Rev),
}

impl Shard {
    /// Opens a worker's shard. [`run`](Self::run) must run on the same thread.
    pub fn open(hub: &Arc<Hub>) -> (Rc<Self>, Inbox) {
        let (number, inbox, outlet) = hub.join();
        let shard = Rc::new(Self {
            hub: Arc::clone(hub),
            number,
            outlet,
            tables: RefCell::default(),
            turns: Rc::default(),
        });
        (shard, Inbox(inbox))
    }

    /// The hub that all workers share.
    pub const fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Adds a new connection.
    pub fn connect(&self, id: ConnectionId, owner: Owner) -> Rc<Connection> {
        let connection = Connection::new(id, owner, self.hub.bounds(), Rc::clone(&self.turns));
        self.hub.census.add(owner);
        self.tables.borrow_mut().add(Rc::clone(&connection));
        connection
    }

    /// Moves a connection to another session of the same user.
    pub fn set_owner(&self, connection: &Connection, owner: Owner) {
        let before = connection.owner();
        let goes_on = connection.is_connected() && before.user == owner.user;
        if goes_on && before != owner {
            self.hub.census.add(owner);
            connection.set_owner(owner);
            self.hub.census.remove(before);
        }
    }

    /// Removes a connection and all its seats: nothing is sent to it any more.
    pub fn disconnect(&self, connection: &Rc<Connection>) {
        connection.let_go();
        for room in connection.rooms() {
            self.leave(connection, room);
        }
        if self.tables.borrow_mut().remove(connection) {
            self.hub.census.remove(connection.owner());
        }
    }

    /// How many rooms a connection listens to.
    pub fn rooms(&self, connection: &Connection) -> usize {
        connection.chairs.borrow().len()
    }

    /// Whether a connection listens to a room.
    pub fn sits(&self, connection: &Connection, room: RoomId) -> bool {
        connection
            .chairs
            .borrow()
            .iter()
            .any(|(known, _)| *known == room)
    }

    /// Takes a seat in a room, which receives nothing yet. A seat that the connection already has there
    /// starts over. From now on the hub tracks the room, so that nothing that happens after a read of
    /// the store is missed. A connection that was let go gets no seat.
    pub fn sit(&self, connection: &Rc<Connection>, room: RoomId) {
        if !connection.is_connected() {
            return;
        }
        connection.forget(room);
        let seat = Seat::new(Rc::clone(connection));
        let dialect = seat.dialect;
        let before = self.tables.borrow_mut().sit(room, seat);
        if before != Some(dialect) {
            self.hub.enter(room, self.number, dialect);
        }
        if let Some(before) = before.filter(|before| *before != dialect) {
            self.hub.leave(room, self.number, before);
        }
    }

    /// Places the listener of a seat. Returns whether it sits there: not if it was seen to leave the
    /// room after it was admitted.
    pub fn place(&self, connection: &Connection, room: RoomId, place: Place) -> bool {
        let mut tables = self.tables.borrow_mut();
        let settled = tables.seat(connection, room).map(|seat| seat.settle(place));
        drop(tables);
        if settled == Some(false) {
            self.leave(connection, room);
        }
        settled == Some(true)
    }

    /// Gives up a seat.
    pub fn leave(&self, connection: &Connection, room: RoomId) {
        let left = self.tables.borrow_mut().leave(connection, room);
        if let Some(dialect) = left {
            connection.forget(room);
            connection.queue().borrow_mut().forget_receipts(room);
            self.hub.leave(room, self.number, dialect);
        }
    }

    /// Delivers what the store returned to a listener that is behind, even if that is nothing: the hub
    /// may be waiting for that answer. The last frame carries the piece's `up_to`, so that the next one
    /// follows on it. Returns whether the listener still sits there.
    pub fn tell(&self, connection: &Connection, room: RoomId, piece: Piece) -> bool {
        let Piece {
            frames,
            count,
            up_to,
        } = piece;
        let mut tables = self.tables.borrow_mut();
        let Some(seat) = tables.seat(connection, room) else {
            return false;
        };
        match seat.phase {
            Phase::Taken { .. } => false,
            // It has received this already.
            Phase::Live => true,
            Phase::Behind { .. } => {
                match seat.advance(up_to) {
                    Advance::Something if count > 0 => connection.send_all(frames, count),
                    Advance::Something => (),
                    // So the room is at this rev, even if the hub did not know.
                    Advance::Nothing => self.hub.reach(room, up_to, None),
                }
                true
            }
        }
    }

    /// Replays what this node remembers to a listener that is behind, as far as its queue has room. It
    /// goes live if nothing is missing.
    pub fn catch_up(&self, connection: &Connection, room: RoomId, how: Memory) -> Caught {
        self.go_live(connection, room, Start::Replayed, |seat, events| {
            seat.retell(events, how)
        })
    }

    /// Whether a listener at a rev may start in a room: what it skips is known here, including its own
    /// departure.
    pub fn may_begin(&self, room: RoomId, at: Rev) -> bool {
        self.hub.since(room, at, true).is_some()
    }

    /// Goes live from where the room is now, for a listener that does not need what happened since it
    /// was admitted, or reads the room by other means: it receives nothing that it could not place. What
    /// is still in flight reaches it like everyone else.
    pub fn begin(&self, connection: &Connection, room: RoomId) -> Caught {
        self.go_live(connection, room, Start::Anew, Seat::skip)
    }

    /// A listener that wants no replay need not wait for changes known to be missing, nor must one for
    /// which the store was asked and had nothing more.
    fn go_live(
        &self,
        connection: &Connection,
        room: RoomId,
        start: Start,
        meet: impl FnOnce(&mut Seat, &[Arc<Event>]) -> Caught,
    ) -> Caught {
        let mut tables = self.tables.borrow_mut();
        let Some(seat) = tables.seat(connection, room) else {
            return Caught::Gone;
        };
        let asked = match seat.phase {
            Phase::Taken { .. } => return Caught::Gone,
            Phase::Behind { asked } => asked,
            Phase::Live => false,
        };
        let position = seat.place.position;
        let need_not_wait = asked || start == Start::Anew;
        let Some(events) = self.hub.since(room, position, need_not_wait) else {
            return Caught::Missing(position);
        };
        let user = connection.owner().user;
        let departed = |event: &Arc<Event>| {
            event.departed() == Some(user) && seat.place.admitted < event.rev()
        };
        if events.iter().any(departed) {
            drop(tables);
            self.leave(connection, room);
            return Caught::Gone;
        }
        for event in &events {
            if let Some((_, floor)) = event.member().filter(|(member, _)| *member == user) {
                seat.remain(event.rev(), floor);
            }
        }
        meet(seat, &events)
    }

    /// Notes that a listener has been given all messages up to this one from the store, so that
    /// [`delivered`](Self::delivered) reports them as well.
    pub fn mark_delivered(&self, connection: &Connection, room: RoomId, last: Seq) {
        let mut tables = self.tables.borrow_mut();
        if let Some(seat) = tables.seat(connection, room) {
            seat.mark_delivered(Some(last));
        }
    }

    /// The rooms in which messages were delivered to a connection as they happened since the last call,
    /// with the last message of each.
    pub fn delivered(&self, connection: &Connection) -> Vec<(RoomId, Seq)> {
        if !connection.was_delivered_to() {
            return Vec::new();
        }
        let mut tables = self.tables.borrow_mut();
        let news = |room: RoomId| Some((room, tables.seat(connection, room)?.news()?));
        connection.rooms().into_iter().filter_map(news).collect()
    }

    /// The dialect in which a connection listens to a room, if it sits there.
    pub fn dialect(&self, connection: &Connection, room: RoomId) -> Option<Dialect> {
        let mut tables = self.tables.borrow_mut();
        tables.seat(connection, room).map(|seat| seat.dialect)
    }

    /// The rev that a listener has reached, if it sits there.
    pub fn position(&self, connection: &Connection, room: RoomId) -> Option<Rev> {
        let mut tables = self.tables.borrow_mut();
        let seat = tables.seat(connection, room)?;
        (!seat.is_taken()).then_some(seat.place.position)
    }

    /// The last message that a listener may not read, if it sits there.
    pub fn floor(&self, connection: &Connection, room: RoomId) -> Option<Seq> {
        let mut tables = self.tables.borrow_mut();
        let seat = tables.seat(connection, room)?;
        (!seat.is_taken()).then_some(seat.place.floor)
    }

    /// The rev that a listener has reached, if it sits there and is behind.
    pub fn behind_at(&self, connection: &Connection, room: RoomId) -> Option<Rev> {
        let mut tables = self.tables.borrow_mut();
        let seat = tables.seat(connection, room)?;
        matches!(seat.phase, Phase::Behind { .. }).then_some(seat.place.position)
    }

    /// The last message that a listener was told of as it happened, or that it skipped; none if it does
    /// not sit there.
    pub fn last_message(&self, connection: &Connection, room: RoomId) -> Option<Seq> {
        let mut tables = self.tables.borrow_mut();
        Some(tables.seat(connection, room)?.last_message())
    }
}

/// A worker that is gone has no listeners.
impl Drop for Shard {
    fn drop(&mut self) {
        let (connections, seats) = self.tables.get_mut().clear();
        for connection in connections {
            connection.let_go();
            self.hub.census.remove(connection.owner());
        }
        for (room, dialect) in seats {
            self.hub.leave(room, self.number, dialect);
        }
    }
}
