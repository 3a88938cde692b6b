//! The seats of a worker's connections.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use bytes::BytesMut;
use domain::{Rev, RoomId, Seq, SessionId, UserId};

use crate::connection::{Connection, Ending};
use crate::event::Event;
use crate::frame::{Dialect, Each, Frame};
use crate::item::Whisper;
use crate::seat::{Phase, Piece, Seat};
use crate::thrift::{trim_list, trim_map};

/// The seats of a worker's connections. Those of a room are contiguous, since every event iterates over
/// them; each connection knows its index, its chair, in each room.
#[derive(Default)]
pub(crate) struct Tables {
    rooms: HashMap<RoomId, Vec<Seat>>,
    people: HashMap<UserId, Vec<Rc<Connection>>>,
}

impl Tables {
    pub(crate) fn add(&mut self, connection: Rc<Connection>) {
        let user = connection.owner().user;
        self.people.entry(user).or_default().push(connection);
    }

    /// Returns whether it was there.
    pub(crate) fn remove(&mut self, connection: &Rc<Connection>) -> bool {
        let user = connection.owner().user;
        let Some(known) = self.people.get_mut(&user) else {
            return false;
        };
        let before = known.len();
        known.retain(|other| !Rc::ptr_eq(other, connection));
        let found = known.len() < before;
        if known.is_empty() {
            self.people.remove(&user);
            trim_map(&mut self.people);
        }
        found
    }

    /// Returns the dialect of the seat that this one replaces.
    pub(crate) fn sit(&mut self, room: RoomId, seat: Seat) -> Option<Dialect> {
        let connection = Rc::clone(&seat.connection);
        if let Some(taken) = self.seat(&connection, room) {
            let before = taken.dialect;
            *taken = seat;
            return Some(before);
        }
        let seats = self.rooms.entry(room).or_default();
        connection.chairs.borrow_mut().push((room, seats.len()));
        seats.push(seat);
        None
    }

    pub(crate) fn seat(&mut self, connection: &Connection, room: RoomId) -> Option<&mut Seat> {
        let chair = chair(connection, room)?;
        self.rooms.get_mut(&room)?.get_mut(chair)
    }

    /// Returns the dialect of the seat, if there was one.
    pub(crate) fn leave(&mut self, connection: &Connection, room: RoomId) -> Option<Dialect> {
        let chair = chair(connection, room)?;
        let mut chairs = connection.chairs.borrow_mut();
        chairs.retain(|(known, _)| *known != room);
        // Another connection's chairs are borrowed below.
        drop(chairs);
        let seats = self.rooms.get_mut(&room)?;
        let left = (chair < seats.len()).then(|| seats.swap_remove(chair).dialect);
        // The last seat has moved to this chair.
        if let Some(moved) = seats.get(chair) {
            let mut chairs = moved.connection.chairs.borrow_mut();
            if let Some((_, place)) = chairs.iter_mut().find(|(known, _)| *known == room) {
                *place = chair;
            }
        }
        trim_list(seats);
        if seats.is_empty() {
            self.rooms.remove(&room);
            trim_map(&mut self.rooms);
        }
        left
    }

    /// Delivers events of a room, in order, to all live listeners.
    pub(crate) fn tell(&mut self, room: RoomId, events: &[Arc<Event>]) {
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return;
        };
        let Some(seats) = self.rooms.get_mut(&room) else {
            return;
        };
        let now = Instant::now();
        let lowest = events.iter().filter_map(|event| event.seq()).min();
        let highest = events.iter().filter_map(|event| event.seq()).max();
        let mut together = Each::default();
        let mut listeners = 0u64;
        for seat in seats.iter_mut().filter(|seat| seat.phase == Phase::Live) {
            let readable = lowest.is_none_or(|seq| seq > seat.place.floor);
            let plain = readable && seat.place.position == first.prev;
            let told = plain && !seat.connection.has_own() && {
                let piece = together.get(seat.dialect, || joined(events, seat.dialect, last.rev()));
                seat.tell_together(piece, highest, now)
            };
            if !told {
                seat.tell_each(events, now);
            }
            listeners = listeners.saturating_add(1);
        }
        let each = u64::try_from(events.len()).unwrap_or(u64::MAX);
        metrics::counter!("tertulia_deliveries_total").increment(listeners.saturating_mul(each));
    }

    /// Raises the floor of listeners who, as these events reveal, have left and come back unnoticed: they
    /// may not read what happened in between.
    pub(crate) fn remain(&mut self, room: RoomId, events: &[Arc<Event>]) {
        for (place, event) in events.iter().enumerate() {
            let Some((user, floor)) = event.member() else {
                continue;
            };
            // A user who is seen to leave loses the seat.
            let earlier = events.get(..place).unwrap_or_default();
            if !earlier.iter().any(|other| other.departed() == Some(user)) {
                self.raise_floors(room, user, floor, event.rev());
            }
        }
    }

    fn raise_floors(&mut self, room: RoomId, user: UserId, floor: Seq, rev: Rev) {
        for connection in self.all_of(user) {
            if let Some(seat) = self.seat(&connection, room) {
                seat.remain(rev, floor);
            }
        }
    }

    /// Shows all live listeners something about the room as a whole. The others are shown it when they
    /// have caught up.
    pub(crate) fn show(&mut self, room: RoomId, frame: &Frame) {
        let now = Instant::now();
        let seats = self.rooms.get_mut(&room).into_iter().flatten();
        for seat in seats.filter(|seat| seat.phase == Phase::Live) {
            let frame = frame.said(seat.dialect, seat.place.floor);
            seat.show(room, frame, now);
        }
    }

    pub(crate) fn whisper(&self, room: RoomId, whisper: &Whisper) {
        let now = Instant::now();
        for seat in self.rooms.get(&room).into_iter().flatten() {
            let connection = &seat.connection;
            if seat.is_taken() || whisper.except == Some(connection.owner().user) {
                continue;
            }
            let frame = whisper.frame.said(seat.dialect, seat.place.floor);
            let mut queue = connection.queue().borrow_mut();
            match whisper.receipt_of {
                Some(user) => queue.receipt((room, user), frame, now),
                None => queue.whisper(frame, now),
            }
        }
    }

    pub(crate) fn whisper_around(&self, rooms: &[RoomId], number: u64, frame: &Frame) {
        let now = Instant::now();
        let seats = rooms.iter().filter_map(|room| self.rooms.get(room));
        for seat in seats.flatten().filter(|seat| !seat.is_taken()) {
            if seat.connection.whisper.replace(number) != number {
                let frame = frame.said(seat.dialect, seat.place.floor);
                seat.connection.queue().borrow_mut().whisper(frame, now);
            }
        }
    }

    pub(crate) fn tell_person(&self, user: UserId, frame: &Frame) {
        for connection in self.people.get(&user).into_iter().flatten() {
            connection.enqueue(frame);
        }
    }

    pub(crate) fn all_of(&self, user: UserId) -> Vec<Rc<Connection>> {
        self.people.get(&user).cloned().unwrap_or_default()
    }

    pub(crate) fn come_into(&self, user: UserId, room: RoomId) {
        for connection in self.people.get(&user).into_iter().flatten() {
            connection.come_into(room);
        }
    }

    pub(crate) fn end_sessions(&self, are_ended: impl Fn(SessionId) -> bool) {
        for connection in self.people.values().flatten() {
            if are_ended(connection.owner().session) {
                connection.end(Ending::SessionEnded);
            }
        }
    }

    pub(crate) fn end_all(&self, why: Ending) {
        for connection in self.people.values().flatten() {
            connection.end(why);
        }
    }

    /// A user's membership of a room ended at a rev. Returns those of their connections that have to
    /// leave it.
    pub(crate) fn depart(&mut self, room: RoomId, user: UserId, rev: Rev) -> Vec<Rc<Connection>> {
        let mut leaving = self.all_of(user);
        leaving.retain(|connection| {
            let seat = self.seat(connection, room);
            seat.is_some_and(|seat| seat.depart(rev))
        });
        leaving
    }

    /// All listeners of a room, and whether their membership is still unconfirmed.
    pub(crate) fn everybody(&self, room: RoomId) -> Vec<(Rc<Connection>, bool)> {
        let seats = self.rooms.get(&room).into_iter().flatten();
        seats
            .map(|seat| (Rc::clone(&seat.connection), seat.is_taken()))
            .collect()
    }

    /// Takes out all connections and seats.
    pub(crate) fn clear(&mut self) -> (Vec<Rc<Connection>>, Vec<(RoomId, Dialect)>) {
        let rooms = std::mem::take(&mut self.rooms).into_iter();
        let seats = rooms.flat_map(|(room, seats)| {
            let spoken = seats.into_iter().map(|seat| seat.dialect);
            spoken.map(|dialect| (room, dialect)).collect::<Vec<_>>()
        });
        let people = std::mem::take(&mut self.people);
        (people.into_values().flatten().collect(), seats.collect())
    }

    /// An unknown part of the stream was missed: all live listeners have to catch up.
    pub(crate) fn doubt_all(&mut self) {
        for (room, seats) in &mut self.rooms {
            for seat in seats.iter_mut().filter(|seat| seat.phase == Phase::Live) {
                seat.phase = Phase::Behind { asked: false };
                seat.connection.fall_behind(*room);
            }
        }
    }
}

fn chair(connection: &Connection, room: RoomId) -> Option<usize> {
    let chairs = connection.chairs.borrow();
    let (_, chair) = chairs.iter().find(|(known, _)| *known == room)?;
    Some(*chair)
}

/// Events up to this rev in one piece.
fn joined(events: &[Arc<Event>], dialect: Dialect, up_to: Rev) -> Piece {
    let frames = if let [event] = events {
        event.shared(dialect)
    } else {
        let mut frames = BytesMut::new();
        for event in events {
            frames.extend_from_slice(&event.shared(dialect));
        }
        frames.freeze()
    };
    Piece {
        frames,
        count: events.len(),
        up_to,
    }
}
