//! The connections of one worker.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use domain::{ConnectionId, Rev, RoomId, UserId};
use tokio::sync::mpsc::Receiver;

use crate::connection::{Connection, Owner};
use crate::event::Event;
use crate::hub::Hub;
use crate::item::{Item, Outlet};
use crate::seat::{Phase, Place, Seat};
use crate::tables::Tables;

/// How many items are taken at once: what they bring to one connection leaves in one write.
const BATCH: usize = 512;

/// The connections of one worker, and where they sit. It never leaves the worker's thread, so nothing
/// in it needs a lock.
pub struct Shard {
    hub: Arc<Hub>,
    number: usize,
    outlet: Outlet,
    tables: RefCell<Tables>,
}

/// What a worker has still to be told.
pub struct Inbox(Receiver<Item>);

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
        });
        (shard, Inbox(inbox))
    }

    /// Hands on what the hub tells, as long as there is a hub.
    pub async fn run(self: Rc<Self>, Inbox(mut inbox): Inbox) {
        let mut items = Vec::with_capacity(BATCH);
        while inbox.recv_many(&mut items, BATCH).await > 0 {
            self.take(items.drain(..));
            // The connections write what they got before more is brought.
            tokio::task::yield_now().await;
        }
    }

    /// The hub behind all workers.
    pub const fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Takes a new connection in.
    pub fn connect(&self, id: ConnectionId, owner: Owner) -> Rc<Connection> {
        let connection = Connection::new(id, owner, self.hub.bounds());
        self.hub.census.add(owner);
        self.tables.borrow_mut().add(Rc::clone(&connection));
        connection
    }

    /// Lets a connection go, with all its seats.
    pub fn disconnect(&self, connection: &Rc<Connection>) {
        connection.close();
        for room in rooms_of(connection) {
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
    /// missed.
    pub fn sit(&self, connection: &Rc<Connection>, room: RoomId) {
        let place = Place {
            floor: domain::Seq::MAX,
            position: Rev::MAX,
        };
        let new = self
            .tables
            .borrow_mut()
            .sit(room, Seat::new(Rc::clone(connection), place));
        if new {
            self.hub.enter(room, self.number);
        }
    }

    /// Says where a seat's listener stands. Answers whether they sit there.
    pub fn place(&self, connection: &Connection, room: RoomId, place: Place) -> bool {
        let mut tables = self.tables.borrow_mut();
        let seat = tables.seat(connection, room);
        seat.map(|seat| seat.place = place).is_some()
    }

    /// Gives a seat up.
    pub fn leave(&self, connection: &Connection, room: RoomId) {
        if self.tables.borrow_mut().leave(connection, room) {
            self.hub.leave(room, self.number);
        }
    }

    /// Tells a listener who is behind what the store said. Answers whether they sit there still.
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
        seat.place.position = seat.place.position.max(up_to);
        if count > 0 {
            connection.send_all(frames, count);
        }
        true
    }

    /// Tells a listener who is behind what is remembered here, and goes on live if that is all.
    pub fn catch_up(&self, connection: &Connection, room: RoomId) -> Caught {
        let mut tables = self.tables.borrow_mut();
        let Some(seat) = tables.seat(connection, room) else {
            return Caught::Gone;
        };
        let Some((events, at)) = self.hub.since(room, seat.place.position) else {
            return Caught::Missing(seat.place.position);
        };
        let user = connection.owner().user;
        if events.iter().any(|event| event.departed() == Some(user)) {
            drop(tables);
            self.leave(connection, room);
            return Caught::Gone;
        }
        seat.phase = Phase::Live;
        let told = events
            .iter()
            .filter(|event| event.rev() > seat.place.position);
        let told = told.count();
        for event in &events {
            seat.tell(event);
        }
        if seat.phase == Phase::Live {
            seat.place.position = seat.place.position.max(at);
        }
        Caught::Up {
            at: seat.place.position,
            told,
        }
    }

    /// Where a listener stands now, if they sit there.
    pub fn position(&self, connection: &Connection, room: RoomId) -> Option<Rev> {
        let mut tables = self.tables.borrow_mut();
        tables
            .seat(connection, room)
            .map(|seat| seat.place.position)
    }

    fn take(&self, items: impl Iterator<Item = Item>) {
        let mut told: Option<(RoomId, Vec<Arc<Event>>)> = None;
        for item in items {
            match item {
                Item::Events(room, events) => match &mut told {
                    Some((same, batch)) if *same == room => batch.extend(events.iter().cloned()),
                    _ => {
                        self.tell_all(told.replace((room, events.to_vec())));
                    }
                },
                other => {
                    self.tell_all(told.take());
                    self.do_otherwise(other);
                }
            }
        }
        self.tell_all(told);
        if self.outlet.was_overrun() {
            metrics::counter!("tertulia_realtime_overruns_total").increment(1);
            self.tables.borrow_mut().doubt_all();
        }
    }

    fn tell_all(&self, batch: Option<(RoomId, Vec<Arc<Event>>)>) {
        let Some((room, events)) = batch else {
            return;
        };
        // Whoever leaves by an event is told of nothing from it on.
        for stretch in events.split_inclusive(|event| event.departed().is_some()) {
            let departed = stretch
                .last()
                .and_then(|last| Some((last.departed()?, last.rev())));
            if let Some((user, rev)) = departed {
                let before = stretch.split_last().map_or(stretch, |(_, before)| before);
                self.tables.borrow_mut().tell(room, before);
                self.send_away(room, user, rev);
                self.tables
                    .borrow_mut()
                    .tell(room, stretch.get(before.len()..).unwrap_or(&[]));
            } else {
                self.tables.borrow_mut().tell(room, stretch);
            }
        }
    }

    /// Somebody belongs to a room no more since a rev. Who came back since then stays.
    fn send_away(&self, room: RoomId, user: UserId, rev: Rev) {
        let leaving = self.tables.borrow().listeners(room, user, rev);
        for connection in leaving {
            self.leave(&connection, room);
        }
    }

    fn do_otherwise(&self, item: Item) {
        let tables = self.tables.borrow_mut();
        match item {
            Item::Events(..) => (),
            Item::Whisper(room, whisper) => tables.whisper(room, &whisper),
            Item::Around(rooms, number, frame) => tables.whisper_around(&rooms, number, &frame),
            Item::Person(user, frame) => tables.tell_person(user, &frame),
            Item::EndSessions(sessions) => tables.end_sessions(&sessions),
            Item::EndAll(why) => tables.end_all(why),
            Item::Dissolve(room) => {
                let listeners = tables.everybody(room);
                drop(tables);
                for connection in listeners {
                    self.leave(&connection, room);
                }
            }
        }
    }
}

fn rooms_of(connection: &Connection) -> Vec<RoomId> {
    let chairs = connection.chairs.borrow();
    chairs.iter().map(|(room, _)| *room).collect()
}
