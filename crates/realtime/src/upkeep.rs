//! The hub's side of keeping it in step with the store.

use std::time::Duration;

use domain::{Rev, RoomId};
use tokio::time::Instant;

use crate::event::Change;
use crate::hub::{Hub, lock};
use crate::order::{Next, Order};
use crate::room::Room;
use crate::thrift::trim_map;

impl Hub {
    /// Takes what the store returned for a stretch of a room.
    pub(crate) fn fill(&self, room: RoomId, since: Rev, changes: Vec<Change>, up_to: Rev) {
        self.within(room, |known| {
            let told = known.order.fill(since, changes, up_to);
            self.go_on(room, known, Next { told, hole: false });
        });
    }

    /// The rooms with listeners.
    pub(crate) fn rooms_with_listeners(&self) -> Vec<RoomId> {
        let rooms = lock(&self.rooms);
        let listened = rooms.iter().filter(|(_, room)| room.has_listeners());
        listened.map(|(id, _)| *id).collect()
    }

    /// The rev up to which a room is delivered, if it has listeners and something is still missing.
    pub(crate) fn torn_at(&self, room: RoomId) -> Option<Rev> {
        let torn = |known: &Room| known.has_listeners() && known.order.is_torn();
        self.within(room, |known| known.order.position().filter(|_| torn(known)))
            .flatten()
    }

    /// Forgets the revs of all rooms: the store was replaced, and its revs are unrelated to the old ones.
    pub(crate) fn begin_anew(&self) {
        let mut rooms = lock(&self.rooms);
        for (id, room) in rooms.iter_mut() {
            room.order = Order::new(*id);
        }
        self.freshen(rooms.keys().copied().collect());
    }

    /// Schedules all tracked rooms to be followed on the bus and looked up in the store again.
    pub(crate) fn freshen_all(&self) {
        let rooms = lock(&self.rooms).keys().copied().collect();
        self.freshen(rooms);
    }

    /// Those of these rooms that are tracked here.
    pub(crate) fn known_of(&self, rooms: &[RoomId]) -> Vec<RoomId> {
        let known = lock(&self.rooms);
        rooms
            .iter()
            .filter(|room| known.contains_key(room))
            .copied()
            .collect()
    }

    /// Forgets rooms that have had no listeners for `after`, and returns them.
    pub(crate) fn forget_silent(&self, now: Instant, after: Duration) -> Vec<RoomId> {
        let mut gone = Vec::new();
        let mut rooms = lock(&self.rooms);
        rooms.retain(|id, room| {
            let goes = room.is_silent(now, after);
            if goes {
                gone.push(*id);
            }
            !goes
        });
        trim_map(&mut rooms);
        gone
    }

    /// Forgets events of all rooms that were remembered already when this was last called.
    pub(crate) fn forget_old_events(&self) {
        let mut rooms = lock(&self.rooms);
        for room in rooms.values_mut() {
            room.order.forget_old();
        }
    }

    pub(crate) fn take_fresh(&self) -> Vec<RoomId> {
        std::mem::take(&mut *lock(&self.fresh))
    }

    pub(crate) fn take_holes(&self) -> Vec<RoomId> {
        lock(&self.holes).drain().collect()
    }
}
