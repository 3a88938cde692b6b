//! The sockets of a namespace, and the rooms that they are in.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use engineioxide_core::Sid;

use super::seat::Seat;
use crate::lock::lock;

type ById = HashMap<Sid, Arc<Seat>>;

/// The sockets of a namespace across all threads, and the rooms that they are in.
#[derive(Default)]
pub(crate) struct Crowd {
    seats: Mutex<ById>,
    rooms: Mutex<HashMap<Arc<str>, ById>>,
}

impl Crowd {
    pub(super) fn enter(&self, seat: &Arc<Seat>) {
        lock(&self.seats).insert(seat.id, Arc::clone(seat));
    }

    pub(super) fn leave(&self, seat: &Seat) {
        lock(&self.seats).remove(&seat.id);
        let rooms = std::mem::take(&mut *lock(&seat.rooms));
        for room in rooms {
            self.quit(seat, &room);
        }
    }

    pub(super) fn join(&self, seat: &Arc<Seat>, room: Arc<str>) {
        let mut rooms = lock(&self.rooms);
        rooms
            .entry(room)
            .or_default()
            .insert(seat.id, Arc::clone(seat));
    }

    /// A room that becomes empty is removed.
    pub(super) fn quit(&self, seat: &Seat, room: &str) {
        let mut rooms = lock(&self.rooms);
        let emptied = rooms.get_mut(room).is_some_and(|within| {
            within.remove(&seat.id);
            within.is_empty()
        });
        if emptied {
            rooms.remove(room);
        }
    }

    /// The sockets in any of the rooms `to`, or all if there are none, without those in any of `except`.
    /// Each socket's id is a room with nothing else in it.
    pub(super) fn chosen(&self, to: &[String], except: &[String]) -> Vec<Arc<Seat>> {
        let mut chosen = if to.is_empty() {
            lock(&self.seats).values().cloned().collect()
        } else {
            self.within(to)
        };
        if !except.is_empty() {
            let except: HashSet<Sid> = self.within(except).iter().map(|seat| seat.id).collect();
            chosen.retain(|seat| !except.contains(&seat.id));
        }
        chosen
    }

    fn within(&self, names: &[String]) -> Vec<Arc<Seat>> {
        let mut within = ById::new();
        {
            let rooms = lock(&self.rooms);
            for room in names.iter().filter_map(|name| rooms.get(name.as_str())) {
                within.extend(room.iter().map(|(id, seat)| (*id, Arc::clone(seat))));
            }
        }
        let seats = lock(&self.seats);
        let ids = names.iter().filter_map(|name| name.parse().ok());
        within.extend(ids.filter_map(|id| Some((id, Arc::clone(seats.get(&id)?)))));
        within.into_values().collect()
    }
}
