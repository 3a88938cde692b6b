//! Who sits where among a worker's connections.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use domain::{Rev, RoomId, SessionId, UserId};

use crate::connection::{Connection, Ending};
use crate::event::Event;
use crate::item::Whisper;
use crate::seat::{Phase, Seat};

/// Who sits where among a worker's connections. A room's seats lie side by side, since they are gone
/// through with every event; each connection knows its chair in each.
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

    /// Answers whether it was there.
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
        }
        found
    }

    /// Answers whether nobody of this connection sat there before.
    pub(crate) fn sit(&mut self, room: RoomId, seat: Seat) -> bool {
        let connection = Rc::clone(&seat.connection);
        if let Some(taken) = self.seat(&connection, room) {
            *taken = seat;
            return false;
        }
        let seats = self.rooms.entry(room).or_default();
        connection.chairs.borrow_mut().push((room, seats.len()));
        seats.push(seat);
        true
    }

    pub(crate) fn seat(&mut self, connection: &Connection, room: RoomId) -> Option<&mut Seat> {
        let chair = chair(connection, room)?;
        self.rooms.get_mut(&room)?.get_mut(chair)
    }

    /// Answers whether they sat there.
    pub(crate) fn leave(&mut self, connection: &Connection, room: RoomId) -> bool {
        let Some(chair) = chair(connection, room) else {
            return false;
        };
        connection
            .chairs
            .borrow_mut()
            .retain(|(known, _)| *known != room);
        let Some(seats) = self.rooms.get_mut(&room) else {
            return false;
        };
        if chair < seats.len() {
            seats.swap_remove(chair);
        }
        // Whoever was last has that chair now.
        if let Some(moved) = seats.get(chair) {
            let mut chairs = moved.connection.chairs.borrow_mut();
            if let Some((_, place)) = chairs.iter_mut().find(|(known, _)| *known == room) {
                *place = chair;
            }
        }
        if seats.is_empty() {
            self.rooms.remove(&room);
        }
        true
    }

    /// Tells events of a room, in order, to all who are live there.
    pub(crate) fn tell(&mut self, room: RoomId, events: &[Arc<Event>]) {
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return;
        };
        let Some(seats) = self.rooms.get_mut(&room) else {
            return;
        };
        let mut together = None;
        for seat in seats.iter_mut().filter(|seat| seat.phase == Phase::Live) {
            let plain = seat.place.position == first.prev
                && events
                    .iter()
                    .all(|event| event.is_readable(seat.place.floor));
            if plain {
                let frames = together.get_or_insert_with(|| joined(events)).clone();
                let queue = seat.connection.queue();
                if queue.borrow_mut().push(frames, events.len()) {
                    seat.place.position = last.rev();
                    continue;
                }
            }
            // One by one: as many as there is place for, or in another wording.
            for event in events {
                if seat.phase == Phase::Live {
                    seat.tell(event);
                }
            }
        }
    }

    pub(crate) fn whisper(&self, room: RoomId, whisper: &Whisper) {
        for seat in self.rooms.get(&room).into_iter().flatten() {
            let connection = &seat.connection;
            if whisper.except == Some(connection.owner().user) {
                continue;
            }
            let mut queue = connection.queue().borrow_mut();
            match whisper.receipt_of {
                Some(user) => queue.receipt((room, user), whisper.frame.clone()),
                None => queue.whisper(whisper.frame.clone()),
            }
        }
    }

    pub(crate) fn whisper_around(&self, rooms: &[RoomId], number: u64, frame: &Bytes) {
        for room in rooms {
            for seat in self.rooms.get(room).into_iter().flatten() {
                if seat.connection.whisper.replace(number) != number {
                    seat.connection.queue().borrow_mut().whisper(frame.clone());
                }
            }
        }
    }

    pub(crate) fn tell_person(&self, user: UserId, frame: &Bytes) {
        for connection in self.people.get(&user).into_iter().flatten() {
            connection.send(frame.clone());
        }
    }

    pub(crate) fn end_sessions(&self, sessions: &[SessionId]) {
        for connection in self.people.values().flatten() {
            if sessions.contains(&connection.owner().session) {
                connection.end(Ending::SessionEnded);
            }
        }
    }

    pub(crate) fn end_all(&self, why: Ending) {
        for connection in self.people.values().flatten() {
            connection.end(why);
        }
    }

    /// The connections by which somebody sits in a room since before a rev.
    pub(crate) fn listeners(&self, room: RoomId, user: UserId, rev: Rev) -> Vec<Rc<Connection>> {
        let seats = self.rooms.get(&room).into_iter().flatten();
        seats
            .filter(|seat| seat.connection.owner().user == user && seat.place.position < rev)
            .map(|seat| Rc::clone(&seat.connection))
            .collect()
    }

    pub(crate) fn everybody(&self, room: RoomId) -> Vec<Rc<Connection>> {
        let seats = self.rooms.get(&room).into_iter().flatten();
        seats.map(|seat| Rc::clone(&seat.connection)).collect()
    }

    /// Something was missed, and nobody knows what: all who are live have to catch up.
    pub(crate) fn doubt_all(&mut self) {
        for (room, seats) in &mut self.rooms {
            for seat in seats.iter_mut().filter(|seat| seat.phase == Phase::Live) {
                seat.phase = Phase::Behind;
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

/// The frames of several events in one piece.
fn joined(events: &[Arc<Event>]) -> Bytes {
    if let [event] = events {
        return event.shared();
    }
    let mut frames = BytesMut::new();
    for event in events {
        frames.extend_from_slice(&event.shared());
    }
    frames.freeze()
}
