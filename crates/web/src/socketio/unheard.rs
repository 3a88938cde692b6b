//! Direct rooms that a client should listen to, and does not yet because the store failed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::time::Duration;

use domain::RoomId;
use tokio::time::Instant;

use super::jobs::Job;

/// When to try again.
const AGAIN: Duration = Duration::from_secs(1);

/// Direct rooms to which listening failed, to be tried again.
#[derive(Default)]
pub(super) struct Unheard {
    /// It is not even known which rooms there are.
    all: Cell<bool>,
    rooms: RefCell<BTreeSet<RoomId>>,
    due: Cell<Option<Instant>>,
}

impl Unheard {
    pub(super) fn add(&self, room: RoomId) {
        self.rooms.borrow_mut().insert(room);
        self.due.set(Some(Instant::now() + AGAIN));
    }

    pub(super) fn add_all(&self) {
        self.all.set(true);
        self.due.set(Some(Instant::now() + AGAIN));
    }

    /// The client no longer wants to listen to a room.
    pub(super) fn forget(&self, room: RoomId) {
        self.rooms.borrow_mut().remove(&room);
    }

    /// When to [take](Self::take) what is in here.
    pub(super) const fn due(&self) -> Option<Instant> {
        self.due.get()
    }

    /// What is to be done now.
    pub(super) fn take(&self, now: Instant) -> Vec<Job> {
        if self.due.get().is_none_or(|due| due > now) {
            return Vec::new();
        }
        self.due.set(None);
        let rooms: Vec<RoomId> = self.rooms.take().into_iter().collect();
        let all = self.all.take().then_some(Job::ListenToAll);
        let some = (!rooms.is_empty()).then_some(Job::ListenDirect(rooms));
        all.into_iter().chain(some).collect()
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
    fn what_failed_is_tried_again_once_when_it_is_due() {
        let unheard = Unheard::default();
        assert_eq!(unheard.due(), None);
        for number in [2, 1, 2, 3] {
            unheard.add(room(number));
        }
        unheard.forget(room(3));
        let due = unheard.due().unwrap();
        assert!(unheard.take(due - Duration::from_millis(1)).is_empty());
        let jobs = unheard.take(due);
        assert!(matches!(&jobs[..], [Job::ListenDirect(rooms)] if *rooms == [room(1), room(2)]));
        assert_eq!(unheard.due(), None);
        assert!(unheard.take(due).is_empty());
    }

    #[test]
    fn where_nothing_is_known_all_rooms_are_asked_for() {
        let unheard = Unheard::default();
        unheard.add_all();
        let jobs = unheard.take(unheard.due().unwrap());
        assert!(matches!(jobs[..], [Job::ListenToAll]));
    }
}
