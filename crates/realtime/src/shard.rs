//! The connections of one worker.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use domain::{ConnectionId, Rev, RoomId, Seq};
use tokio::sync::mpsc::Receiver;

use crate::connection::{Connection, Owner};
use crate::event::Event;
use crate::frame::Dialect;
use crate::hub::Hub;
use crate::item::Item;
use crate::outlet::Outlet;
use crate::seat::{Advance, Phase, Place, Seat};
use crate::tables::Tables;
use crate::turns::Turns;

/// The connections of one worker, and where they sit. It never leaves the worker's thread, so nothing
/// in it needs a lock.
pub struct Shard {
    hub: Arc<Hub>,
    number: usize,
    pub(crate) outlet: Outlet,
    pub(crate) tables: RefCell<Tables>,
    pub(crate) turns: Rc<Turns>,
}

/// What a worker has still to be told.
pub struct Inbox(pub(crate) Receiver<Item>);

/// What is told of a message that changed more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// How it was last: what it said before it was deleted is not told any more.
    Last,
    /// Each of its changes, for listeners who have to hear of it first.
    Each,
}

/// How far a listener has come by what is remembered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caught {
    /// They do not sit there.
    Gone,
    /// They were told of so many events, stand at this rev, and are told at once from now on.
    Up {
        /// Where they stand.
        at: Rev,
        /// How many frames that took.
        told: usize,
    },
    /// The store has to be asked for what comes after this rev.
    Missing(Rev),
}

impl Shard {
    /// Opens a worker's shard. [`run`](Self::run) has to run on the same thread.
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

    /// The hub behind all workers.
    pub const fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Takes a new connection in.
    pub fn connect(&self, id: ConnectionId, owner: Owner) -> Rc<Connection> {
        let connection = Connection::new(id, owner, self.hub.bounds(), Rc::clone(&self.turns));
        self.hub.census.add(owner);
        self.tables.borrow_mut().add(Rc::clone(&connection));
        connection
    }

    /// A connection goes on by another session of the same person.
    pub fn own(&self, connection: &Connection, owner: Owner) {
        let before = connection.owner();
        let goes_on = connection.is_connected() && before.user == owner.user;
        if goes_on && before != owner {
            self.hub.census.add(owner);
            connection.own(owner);
            self.hub.census.remove(before);
        }
    }

    /// Lets a connection go, with all its seats: from now on nobody tells it anything.
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

    /// Takes a seat in a room, from which nothing is told yet. Whoever sits there already begins anew.
    /// From now on the room is known here, so that nothing which happens after a look at the store is
    /// missed. A connection that was let go takes no seat.
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

    /// Says where a seat's listener stands. Answers whether they sit there: not if they were heard to
    /// leave the room since they were admitted.
    pub fn place(&self, connection: &Connection, room: RoomId, place: Place) -> bool {
        let mut tables = self.tables.borrow_mut();
        let settled = tables.seat(connection, room).map(|seat| seat.settle(place));
        drop(tables);
        if settled == Some(false) {
            self.leave(connection, room);
        }
        settled == Some(true)
    }

    /// Gives a seat up.
    pub fn leave(&self, connection: &Connection, room: RoomId) {
        let left = self.tables.borrow_mut().leave(connection, room);
        if let Some(dialect) = left {
            connection.forget(room);
            self.hub.leave(room, self.number, dialect);
        }
    }

    /// Tells a listener who is behind what the store said, even if that is nothing: the hub may wait for
    /// that word. The last of the frames carries `up_to`, so that the next one follows upon it. Answers
    /// whether they sit there still.
    pub fn tell(
        &self,
        connection: &Connection,
        room: RoomId,
        (frames, count): (Bytes, usize),
        up_to: Rev,
    ) -> bool {
        let mut tables = self.tables.borrow_mut();
        let Some(seat) = tables.seat(connection, room) else {
            return false;
        };
        match seat.phase {
            Phase::Taken { .. } => false,
            // They know it already.
            Phase::Live => true,
            Phase::Behind { .. } => {
                match seat.advance(up_to) {
                    Advance::Something if count > 0 => connection.send_all(frames, count),
                    Advance::Something => (),
                    // So that is where the room stands, even if the hub knew nothing of it.
                    Advance::Nothing => self.hub.reach(room, up_to, None),
                }
                true
            }
        }
    }

    /// Tells a listener who is behind what is remembered here, and goes on live if that is all.
    pub fn catch_up(&self, connection: &Connection, room: RoomId, how: Memory) -> Caught {
        self.go_live(connection, room, false, |seat, events| {
            seat.retell(events, how, Instant::now())
        })
    }

    /// Whether somebody who stands at a rev may begin in a room: it is known what they pass over, such as
    /// that they have left.
    pub fn may_begin(&self, room: RoomId, at: Rev) -> bool {
        self.hub.since(room, at, true).is_some()
    }

    /// Goes on live from where the room stands now, for a listener who does not care for what was since
    /// they were admitted, or has to read the room by other means: they are told of nothing that they
    /// could not place. What is on its way comes to them as to everybody.
    pub fn begin(&self, connection: &Connection, room: RoomId) -> Caught {
        self.go_live(connection, room, true, |seat, events| {
            seat.skip(events);
            0
        })
    }

    /// Whoever wants nothing `need_not_wait` for what is known to be missing, nor does who has asked the store
    /// and got nothing more.
    fn go_live(
        &self,
        connection: &Connection,
        room: RoomId,
        need_not_wait: bool,
        meet: impl FnOnce(&mut Seat, &[Arc<Event>]) -> usize,
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
        let Some(events) = self.hub.since(room, position, asked || need_not_wait) else {
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
        seat.phase = Phase::Live;
        let told = meet(seat, &events);
        Caught::Up {
            at: seat.place.position,
            told,
        }
    }

    /// In which rooms a connection was told of messages as they came, since this was last asked, and of
    /// which as the last.
    pub fn heard(&self, connection: &Connection) -> Vec<(RoomId, Seq)> {
        if !connection.has_heard() {
            return Vec::new();
        }
        let mut tables = self.tables.borrow_mut();
        let news = |room: RoomId| Some((room, tables.seat(connection, room)?.news()?));
        connection.rooms().into_iter().filter_map(news).collect()
    }

    /// In which dialect a listener is told of a room, if they sit there.
    pub fn dialect(&self, connection: &Connection, room: RoomId) -> Option<Dialect> {
        let mut tables = self.tables.borrow_mut();
        tables.seat(connection, room).map(|seat| seat.dialect)
    }

    /// Where a listener stands now, if they sit there.
    pub fn position(&self, connection: &Connection, room: RoomId) -> Option<Rev> {
        let mut tables = self.tables.borrow_mut();
        let seat = tables.seat(connection, room)?;
        (!seat.is_taken()).then_some(seat.place.position)
    }
}

/// A worker that is no more has no listeners.
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
