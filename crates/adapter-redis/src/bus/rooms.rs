//! The rooms that this node follows, and those that its connection is subscribed to.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::RoomId;
use tokio::sync::Notify;

/// Bounded by its users: it has as many rooms as this node's sockets follow.
#[derive(Default)]
pub(super) struct Rooms {
    kept: Mutex<Kept>,
    changed: Notify,
}

#[derive(Default)]
struct Kept {
    wanted: HashSet<RoomId>,
    /// The channels that the connection is on, or is being subscribed to.
    held: HashSet<RoomId>,
    /// The rooms for which the two may differ.
    open: HashSet<RoomId>,
    /// How many times the wanted rooms have changed.
    wishes: u64,
}

/// The next commands for the connection.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Steps {
    pub(super) enter: Vec<RoomId>,
    pub(super) leave: Vec<RoomId>,
    /// The number of the last change that is in effect after these.
    pub(super) wish: u64,
}

impl Rooms {
    /// Follows rooms, and returns the number of this change.
    pub(super) fn follow(&self, rooms: &[RoomId]) -> u64 {
        self.change(rooms, HashSet::insert)
    }

    /// Unfollows rooms, and returns the number of this change.
    pub(super) fn unfollow(&self, rooms: &[RoomId]) -> u64 {
        self.change(rooms, |wanted, room| wanted.remove(&room))
    }

    fn change(
        &self,
        rooms: &[RoomId],
        change: impl Fn(&mut HashSet<RoomId>, RoomId) -> bool,
    ) -> u64 {
        let mut kept = self.lock();
        let before = kept.wishes;
        for room in rooms {
            if change(&mut kept.wanted, *room) {
                kept.open.insert(*room);
                kept.wishes = before.saturating_add(1);
            }
        }
        let now = kept.wishes;
        drop(kept);
        if now != before {
            self.changed.notify_one();
        }
        now
    }

    /// Waits until there may be something to do.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Resets for a new connection, which is on no channel.
    pub(super) fn begin(&self) {
        let mut kept = self.lock();
        kept.held.clear();
        let kept = &mut *kept;
        kept.open.clone_from(&kept.wanted);
    }

    /// What brings the connection to the wanted state, which it is assumed to have from now on.
    pub(super) fn steps(&self) -> Steps {
        let mut guard = self.lock();
        let kept = &mut *guard;
        let mut steps = Steps {
            wish: kept.wishes,
            ..Steps::default()
        };
        for room in kept.open.drain() {
            match kept.wanted.contains(&room) {
                true if kept.held.insert(room) => steps.enter.push(room),
                false if kept.held.remove(&room) => steps.leave.push(room),
                _ => {}
            }
        }
        steps
    }

    /// Whether the connection should be on the room's channel.
    pub(super) fn holds(&self, room: RoomId) -> bool {
        self.lock().held.contains(&room)
    }

    pub(super) fn count(&self) -> usize {
        self.lock().wanted.len()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A panic while the lock is held leaves nothing half-updated.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn room(number: u128) -> RoomId {
        RoomId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn only_differences_are_steps() {
        let rooms = Rooms::default();
        assert_eq!(rooms.follow(&[room(1)]), 1);
        assert_eq!(rooms.follow(&[room(1)]), 1);
        assert_eq!(rooms.follow(&[room(2)]), 2);
        assert_eq!(rooms.unfollow(&[room(2), room(3)]), 3);
        let steps = rooms.steps();
        assert_eq!(
            (steps.enter, steps.leave, steps.wish),
            (vec![room(1)], vec![], 3)
        );
        assert!(rooms.holds(room(1)) && !rooms.holds(room(2)));

        rooms.unfollow(&[room(1)]);
        let steps = rooms.steps();
        assert_eq!(
            (steps.enter, steps.leave, steps.wish),
            (vec![], vec![room(1)], 4)
        );
        assert!(!rooms.holds(room(1)));
        assert_eq!(
            rooms.steps(),
            Steps {
                wish: 4,
                ..Steps::default()
            }
        );
    }

    #[test]
    fn a_new_connection_enters_all() {
        let rooms = Rooms::default();
        rooms.follow(&[room(1), room(2)]);
        rooms.steps();
        rooms.unfollow(&[room(2)]);
        rooms.begin();
        let steps = rooms.steps();
        assert_eq!((steps.enter, steps.leave), (vec![room(1)], vec![]));
        assert_eq!(rooms.count(), 1);
    }
}
