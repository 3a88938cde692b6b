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
    found: mpsc::Sender<(RoomId, UserId, Instant)>,
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

    /// Records that a notice announced the removal.
    pub(super) fn told(&self, room: RoomId, user: UserId) {
        let now = Instant::now();
        let mut told = self.lock();
        if told.len() >= MOST {
            told.retain(|_, at| now.saturating_duration_since(*at) < REMEMBERED);
        }
        if told.len() < MOST {
            told.insert((room, user), now);
        }
    }

    /// Queues a removal found in the store.
    pub(super) fn found(&self, room: RoomId, user: UserId) {
        let due = Instant::now() + PATIENCE;
        if self.found.try_send((room, user, due)).is_err() {
            tracing::warn!("the queue of removals is full; a user was not told of losing a room");
        }
    }

    fn was_told(&self, room: RoomId, user: UserId) -> bool {
        let told = self.lock().get(&(room, user)).copied();
        told.is_some_and(|at| at.elapsed() < REMEMBERED)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(RoomId, UserId), Instant>> {
        // A panic cannot leave the map half-updated.
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
