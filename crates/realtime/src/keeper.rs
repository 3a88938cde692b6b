//! What keeps the hub in step with the store, and with what other nodes tell.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::Bus;
use domain::{Epoch, RoomId};
use futures::{StreamExt as _, stream};
use tokio::time::{Instant, sleep, timeout};

use crate::connection::Ending;
use crate::hub::{Hub, lock};
use crate::source::Source;

/// How often the store is asked where the rooms with listeners stand.
const RECONCILE_EVERY: Duration = Duration::from_secs(2);
/// How long a doubt waits for others to be looked into together.
const DOUBT: Duration = Duration::from_millis(100);
/// How long a hole is left alone: what is missing is often only late.
const PATIENCE: Duration = Duration::from_millis(20);
/// How many holes are filled at once.
const FILLS: usize = 8;
/// How many changes are read at once.
const STRETCH: usize = 500;
/// How many rooms are asked about at once.
const ROOMS: usize = 1000;
/// For how long a room without listeners is kept in step for who comes back.
const LINGER: Duration = Duration::from_secs(30);

/// Keeps a hub in step.
pub struct Keeper {
    hub: Arc<Hub>,
    source: Arc<dyn Source>,
    bus: Arc<dyn Bus>,
    /// The store's incarnation, as far as it is known.
    epoch: Mutex<Option<Epoch>>,
    /// Rooms that the bus would not follow. It is asked again.
    unfollowed: Mutex<Vec<RoomId>>,
}

impl Keeper {
    /// Keeps this hub in step with that store, following its rooms on this bus.
    pub fn new(hub: &Arc<Hub>, source: Arc<dyn Source>, bus: Arc<dyn Bus>) -> Self {
        Self {
            hub: Arc::clone(hub),
            source,
            bus,
            epoch: Mutex::default(),
            unfollowed: Mutex::default(),
        }
    }

    /// Goes on for ever.
    pub async fn run(self) {
        tokio::join!(
            again_and_again(|| self.follow()),
            again_and_again(|| self.fill()),
            again_and_again(|| self.reconcile()),
            again_and_again(|| self.forget()),
        );
    }

    /// Follows rooms that have their first listener, then looks where they stand: what was told before
    /// they were followed, nobody here has heard.
    async fn follow(&self) {
        self.hub.freshened.notified().await;
        for rooms in self.hub.take_fresh().chunks(ROOMS) {
            if let Err(failure) = self.bus.follow(rooms).await {
                tracing::warn!(error = %failure.chain(), "rooms cannot be followed");
                lock(&self.unfollowed).extend(rooms);
            }
            self.look(rooms).await;
        }
    }

    /// Fills holes from the store.
    async fn fill(&self) {
        self.hub.torn.notified().await;
        sleep(PATIENCE).await;
        stream::iter(self.hub.take_holes())
            .for_each_concurrent(FILLS, |room| self.mend(room))
            .await;
    }

    /// Asks where all rooms with listeners stand, after a while or when in doubt.
    async fn reconcile(&self) {
        let doubt = timeout(RECONCILE_EVERY, self.hub.doubted.notified());
        if doubt.await.is_ok() {
            sleep(DOUBT).await;
        }
        self.compare().await;
        let unfollowed = std::mem::take(&mut *lock(&self.unfollowed));
        self.hub.freshen(self.hub.known_of(&unfollowed));
        for rooms in self.hub.heard().chunks(ROOMS) {
            if !self.look(rooms).await {
                // It would say no better of the others, and is asked again soon.
                return;
            }
        }
    }

    /// Unfollows rooms that nobody has listened to for a while.
    async fn forget(&self) {
        sleep(LINGER / 4).await;
        let silent = self.hub.forget_silent(Instant::now(), LINGER);
        for rooms in silent.chunks(ROOMS) {
            if let Err(failure) = self.bus.unfollow(rooms).await {
                tracing::warn!(error = %failure.chain(), "rooms cannot be unfollowed");
            }
        }
        // Whoever came in meanwhile had the room followed just before it was unfollowed.
        self.hub.freshen(self.hub.known_of(&silent));
    }

    /// Looks where rooms stand. Answers whether the store said so.
    async fn look(&self, rooms: &[RoomId]) -> bool {
        let heads = match self.source.heads(rooms).await {
            Ok(heads) => heads,
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "nobody knows where rooms stand");
                return false;
            }
        };
        for head in &heads {
            self.hub.look(*head);
        }
        let standing: HashSet<RoomId> = heads.iter().map(|head| head.room).collect();
        for room in rooms.iter().filter(|room| !standing.contains(room)) {
            self.dissolve(*room);
        }
        true
    }

    /// A store that was put back has forgotten what listeners know.
    async fn compare(&self) {
        // Without an answer the look at the rooms fails as well, and says so.
        let Ok(epoch) = self.source.epoch().await else {
            return;
        };
        let before = lock(&self.epoch).replace(epoch.clone());
        if let Some(before) = before.filter(|before| *before != epoch) {
            tracing::warn!(
                before = before.as_str(),
                epoch = epoch.as_str(),
                "the store is another one now"
            );
            self.hub.end_all(Ending::Restart);
            self.hub.begin_anew();
        }
    }

    /// Has everything told that the store knows and the hub does not.
    async fn mend(&self, room: RoomId) {
        let mut torn_at = self.hub.torn_at(room);
        while let Some(at) = torn_at {
            metrics::counter!("tertulia_realtime_holes_total").increment(1);
            let stretch = match self.source.since(room, at, STRETCH).await {
                Ok(Some(stretch)) => stretch,
                Ok(None) => return self.dissolve(room),
                Err(failure) => {
                    // The next look at where rooms stand finds it again.
                    tracing::warn!(%room, error = %failure.chain(), "a hole was not filled");
                    return;
                }
            };
            let (up_to, more) = (stretch.up_to, stretch.more);
            self.hub.fill(room, at, stretch.changes, up_to);
            torn_at = (more && up_to > at).then_some(up_to);
        }
    }

    fn dissolve(&self, room: RoomId) {
        self.hub.dissolve(room, &self.source.gone(room));
    }
}

/// The step is no async closure, since the compiler cannot tell whether one of these may be moved to
/// another thread.
#[expect(clippy::infinite_loop, reason = "whoever waits for it gives it up")]
async fn again_and_again<F: Future<Output = ()>>(step: impl Fn() -> F) {
    loop {
        step().await;
    }
}
