//! Users who lost a room without a notice on the bus.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use application::{UseCases, survived};
use domain::port::bus::Removal;
use domain::{RoomId, UserId};
use realtime::Hub;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::wire;
use crate::translate;

/// How long to wait for the notice, which gives the reason as well.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long it is remembered that a user was told.
const REMEMBERED: Duration = Duration::from_secs(10);
/// How many may be queued. The rest find out when they next ask for their rooms.
const MOST: usize = 4096;

/// Users who were recently told that they lost a room.
#[derive(Clone)]
pub(super) struct Removals {
    told: Arc<Mutex<HashMap<(RoomId, UserId), Instant>>>,
    /// Additions that are being looked up, and whether the user was told of losing the room meanwhile.
    additions: Arc<Mutex<HashMap<(RoomId, UserId), bool>>>,
    found: mpsc::Sender<(RoomId, UserId, Instant)>,
}

/// The store is being read for a room that a user was added to.
pub(super) struct Addition<'a> {
    removals: &'a Removals,
    of: (RoomId, UserId),
}

/// Tells users whom no notice told.
pub(super) struct Overlooked {
    hub: Arc<Hub>,
    use_cases: Arc<UseCases>,
    removals: Removals,
    found: mpsc::Receiver<(RoomId, UserId, Instant)>,
}

impl Removals {
    pub(super) fn new(hub: &Arc<Hub>, use_cases: &Arc<UseCases>) -> (Self, Overlooked) {
        let (sender, found) = mpsc::channel(MOST);
        let removals = Self {
            told: Arc::default(),
            additions: Arc::default(),
            found: sender,
        };
        let overlooked = Overlooked {
            hub: Arc::clone(hub),
            use_cases: Arc::clone(use_cases),
            removals: removals.clone(),
            found,
        };
        (removals, overlooked)
    }

    /// Records that a notice announces the removal, before the user is told.
    pub(super) fn told(&self, room: RoomId, user: UserId) {
        if let Some(overtaken) = lock(&self.additions).get_mut(&(room, user)) {
            *overtaken = true;
        }
        let now = Instant::now();
        let mut told = lock(&self.told);
        if told.len() >= MOST {
            told.retain(|_, at| now.saturating_duration_since(*at) < REMEMBERED);
        }
        if told.len() < MOST {
            told.insert((room, user), now);
        }
    }

    /// Begins to look up a room that a user was added to. No two of the same are looked up at once.
    pub(super) fn look_up_addition(&self, room: RoomId, user: UserId) -> Addition<'_> {
        let of = (room, user);
        lock(&self.additions).insert(of, false);
        Addition { removals: self, of }
    }

    /// Queues a removal found in the store.
    pub(super) fn found(&self, room: RoomId, user: UserId) {
        let due = Instant::now() + PATIENCE;
        if self.found.try_send((room, user, due)).is_err() {
            tracing::warn!("the queue of removals is full; a user was not told of losing a room");
        }
    }

    fn was_told(&self, room: RoomId, user: UserId) -> bool {
        let told = lock(&self.told).get(&(room, user)).copied();
        told.is_some_and(|at| at.elapsed() < REMEMBERED)
    }
}

impl Addition<'_> {
    /// Tells the user of the room, unless they were told of losing it since it was looked up. If they came
    /// back after that, it is announced again.
    pub(super) fn tell(&self, tell: impl FnOnce()) {
        // Locked meanwhile, so that a removal is told either before the check or after the addition.
        let additions = lock(&self.removals.additions);
        if additions.get(&self.of) == Some(&false) {
            tell();
        }
    }
}

impl Drop for Addition<'_> {
    fn drop(&mut self) {
        lock(&self.removals.additions).remove(&self.of);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic cannot leave a map half-updated.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Overlooked {
    /// Runs forever. A removal that a panic interrupts is dropped, like one for which there is no room.
    pub(super) async fn run(mut self) {
        while survived("removals", self.tell_next()).await != Some(false) {}
    }

    /// Tells of the next removal. Returns `false` once no more can come.
    async fn tell_next(&mut self) -> bool {
        let Some((room, user, due)) = self.found.recv().await else {
            return false;
        };
        sleep_until(due).await;
        if !self.removals.was_told(room, user) && self.is_gone(room, user).await {
            self.removals.told(room, user);
            let frame = wire::native(&translate::room_removed(room, Removal::Left));
            self.hub.tell(user, &frame);
        }
        true
    }

    /// Whether the user has not come back in the meantime.
    async fn is_gone(&self, room: RoomId, user: UserId) -> bool {
        match self.use_cases.feed.still_members(&[(room, user)]).await {
            Ok(living) => living.is_empty(),
            // The removal is the last that is known.
            Err(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use uuid::Uuid;

    use super::*;

    fn removals() -> Removals {
        Removals {
            told: Arc::default(),
            additions: Arc::default(),
            found: mpsc::channel(1).0,
        }
    }

    fn is_told(addition: &Addition<'_>) -> bool {
        let told = Cell::new(false);
        addition.tell(|| told.set(true));
        told.get()
    }

    #[test]
    fn whoever_loses_a_room_meanwhile_is_not_told_that_it_was_added() {
        let removals = removals();
        let [room, other] = [1, 2].map(|number| RoomId::from_uuid(Uuid::from_u128(number)));
        let user = UserId::from_uuid(Uuid::from_u128(3));
        removals.told(room, user);
        let addition = removals.look_up_addition(room, user);
        removals.told(other, user);
        assert!(is_told(&addition), "they lost it before, and another one");
        removals.told(room, user);
        assert!(!is_told(&addition));
        drop(addition);
        assert!(is_told(&removals.look_up_addition(room, user)));
        assert!(lock(&removals.additions).is_empty());
    }
}
