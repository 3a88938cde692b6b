//! Keeps the hub in step with the store, and with what other nodes announce.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::Bus;
use domain::{Epoch, RoomId};
use futures::{FutureExt as _, StreamExt as _, stream};
use tokio::time::{Instant, sleep, timeout};

use crate::breakdown::survived;
use crate::connection::Ending;
use crate::hub::{Hub, lock};
use crate::source::Source;

/// How often the heads of rooms with listeners are read from the store.
const RECONCILE_EVERY: Duration = Duration::from_secs(2);
/// How long to wait before a doubt is settled, so that one read settles several.
const DOUBT: Duration = Duration::from_millis(100);
/// How long a gap is left alone: what is missing is often only late.
const PATIENCE: Duration = Duration::from_millis(20);
/// How many gaps are filled at once.
const FILLS: usize = 8;
/// How many changes are read at once.
const STRETCH: usize = 500;
/// How many rooms are looked up at once.
const ROOMS: usize = 1000;
/// How long a room without listeners is kept in step, in case one comes back.
const LINGER: Duration = Duration::from_secs(30);

/// Keeps a hub in step.
pub struct Keeper {
    hub: Arc<Hub>,
    source: Arc<dyn Source>,
    bus: Arc<dyn Bus>,
    /// The store's epoch, once known.
    epoch: Mutex<Option<Epoch>>,
    /// Rooms that the bus failed to follow, to be retried.
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

    /// Runs forever.
    pub async fn run(self) {
        tokio::join!(
            self.again_and_again("follow", || self.follow()),
            self.again_and_again("fill", || self.fill()),
            self.again_and_again("reconcile", || self.reconcile()),
            self.again_and_again("forget", || self.forget()),
            self.again_and_again("forget events", || self.forget_events()),
        );
    }

    /// A step that panicked may have left rooms unfollowed, or not looked up. Not an async closure, since
    /// the compiler could not tell whether its futures are `Send`.
    #[expect(clippy::infinite_loop, reason = "runs until its caller is dropped")]
    async fn again_and_again<F>(&self, name: &'static str, step: impl Fn() -> F)
    where
        F: Future<Output = ()>,
    {
        loop {
            if survived(name, step()).await.is_none() {
                self.hub.freshen_all();
            }
        }
    }

    /// Follows rooms that got their first listener, then reads their heads: what was announced before
    /// they were followed did not reach this node.
    async fn follow(&self) {
        self.hub.freshened.notified().await;
        for rooms in self.hub.take_fresh().chunks(ROOMS) {
            if let Err(failure) = self.bus.follow(rooms).await {
                tracing::warn!(error = %failure.chain(), "could not follow rooms on the bus; will retry");
                lock(&self.unfollowed).extend(rooms);
            }
            self.look(rooms).await;
        }
    }

    /// Fills gaps from the store. The next read of the heads finds those again at which this panics.
    async fn fill(&self) {
        self.hub.torn.notified().await;
        sleep(PATIENCE).await;
        stream::iter(self.hub.take_holes())
            .for_each_concurrent(FILLS, |room| survived("mend", self.mend(room)).map(drop))
            .await;
    }

    /// Reads the heads of all rooms with listeners, periodically or when in doubt.
    async fn reconcile(&self) {
        let doubt = timeout(RECONCILE_EVERY, self.hub.doubted.notified());
        if doubt.await.is_ok() {
            sleep(DOUBT).await;
        }
        self.compare().await;
        let unfollowed = std::mem::take(&mut *lock(&self.unfollowed));
        self.hub.freshen(self.hub.known_of(&unfollowed));
        for rooms in self.hub.rooms_with_listeners().chunks(ROOMS) {
            if !self.look(rooms).await {
                // The other rooms would fare no better, and are tried again soon.
                return;
            }
        }
    }

    /// Unfollows rooms that have had no listeners for a while.
    async fn forget(&self) {
        sleep(LINGER / 4).await;
        let silent = self.hub.forget_silent(Instant::now(), LINGER);
        for rooms in silent.chunks(ROOMS) {
            if let Err(failure) = self.bus.unfollow(rooms).await {
                tracing::warn!(error = %failure.chain(), "could not unfollow rooms on the bus");
            }
        }
        // A room that got a listener in the meantime was followed just before it was unfollowed.
        self.hub.freshen(self.hub.known_of(&silent));
    }

    /// Forgets events that nobody who was away for a short time only can have missed.
    async fn forget_events(&self) {
        sleep(LINGER).await;
        self.hub.forget_old_events();
    }

    /// Reads the heads of rooms. Returns whether the store answered.
    async fn look(&self, rooms: &[RoomId]) -> bool {
        let heads = match self.source.heads(rooms).await {
            Ok(heads) => heads,
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "could not read the rooms' heads; catch-up is delayed");
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

    /// Detects that the store was replaced, and no longer matches what listeners have.
    async fn compare(&self) {
        // If this fails, so does the read of the heads, which logs it.
        let Ok(epoch) = self.source.epoch().await else {
            return;
        };
        let before = lock(&self.epoch).replace(epoch.clone());
        if let Some(before) = before.filter(|before| *before != epoch) {
            tracing::warn!(
                before = before.as_str(),
                epoch = epoch.as_str(),
                "the store was replaced; all connections have to start over"
            );
            self.hub.end_all(Ending::Restart);
            self.hub.begin_anew();
        }
    }

    /// Delivers everything that the store has and the hub has not.
    async fn mend(&self, room: RoomId) {
        let mut torn_at = self.hub.torn_at(room);
        while let Some(at) = torn_at {
            metrics::counter!("tertulia_realtime_holes_total").increment(1);
            let stretch = match self.source.since(room, at, STRETCH).await {
                Ok(Some(stretch)) => stretch,
                Ok(None) => return self.dissolve(room),
                Err(failure) => {
                    // The next read of the heads finds the gap again.
                    tracing::warn!(%room, error = %failure.chain(), "could not fill a gap from the store; will retry");
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
