//! What keeps the hub in step with the store, and with what other nodes tell.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::port::Bus;
use domain::port::room_log::Head;
use domain::{Epoch, Failure, Rev, RoomId};
use futures::{StreamExt as _, stream};

use crate::connection::Ending;
use crate::event::Change;
use crate::hub::Hub;

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

/// What changed in a room, as the store says.
pub struct Stretch {
    /// By rev.
    pub changes: Vec<Change>,
    /// Everything up to this rev is in it, or superseded by something later.
    pub up_to: Rev,
    /// Whether there is more.
    pub more: bool,
}

/// Where the hub looks up what no hint told it of.
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// What changed in a room after a rev, at most so many things; nothing when the room is gone.
    async fn since(&self, room: RoomId, rev: Rev, limit: usize)
    -> Result<Option<Stretch>, Failure>;

    /// Where rooms stand. Those that are gone are left out.
    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure>;

    /// The store's incarnation.
    async fn epoch(&self) -> Result<Epoch, Failure>;

    /// A room with listeners is gone.
    async fn gone(&self, room: RoomId);
}

/// Keeps a hub in step.
pub struct Keeper {
    hub: Arc<Hub>,
    source: Arc<dyn Source>,
    bus: Arc<dyn Bus>,
}

impl Keeper {
    /// Keeps this hub in step with that store, following its rooms on this bus.
    pub fn new(hub: &Arc<Hub>, source: Arc<dyn Source>, bus: Arc<dyn Bus>) -> Self {
        Self {
            hub: Arc::clone(hub),
            source,
            bus,
        }
    }

    /// Goes on for ever.
    pub async fn run(self) {
        tokio::join!(self.follow(), self.fill(), self.reconcile(), self.forget());
    }

    /// Follows rooms that have their first listener, then looks where they stand: what was told before
    /// they were followed, nobody here has heard.
    async fn follow(&self) {
        loop {
            self.hub.freshened.notified().await;
            for rooms in self.hub.take_fresh().chunks(ROOMS) {
                if let Err(failure) = self.bus.follow(rooms).await {
                    tracing::warn!(error = %failure.chain(), "rooms cannot be followed");
                }
                self.look(rooms).await;
            }
        }
    }

    /// Fills holes from the store.
    async fn fill(&self) {
        loop {
            self.hub.torn.notified().await;
            tokio::time::sleep(PATIENCE).await;
            let torn = self.hub.take_holes();
            stream::iter(torn)
                .for_each_concurrent(FILLS, |room| self.mend(room))
                .await;
        }
    }

    /// Asks from time to time where all rooms with listeners stand.
    async fn reconcile(&self) {
        let mut epoch = None;
        loop {
            let doubt = tokio::time::timeout(RECONCILE_EVERY, self.hub.doubted.notified());
            if doubt.await.is_ok() {
                tokio::time::sleep(DOUBT).await;
            }
            self.compare(&mut epoch).await;
            for rooms in self.hub.heard().chunks(ROOMS) {
                self.look(rooms).await;
            }
        }
    }

    /// Unfollows rooms that nobody has listened to for a while.
    async fn forget(&self) {
        loop {
            tokio::time::sleep(LINGER / 4).await;
            let silent = self.hub.forget_silent(Instant::now(), LINGER);
            for rooms in silent.chunks(ROOMS) {
                if let Err(failure) = self.bus.unfollow(rooms).await {
                    tracing::warn!(error = %failure.chain(), "rooms cannot be unfollowed");
                }
            }
            // Whoever came in meanwhile had the room followed just before it was unfollowed.
            let back = self.hub.known_of(&silent);
            if !back.is_empty() {
                self.hub.freshen(back);
            }
        }
    }

    async fn look(&self, rooms: &[RoomId]) {
        let heads = match self.source.heads(rooms).await {
            Ok(heads) => heads,
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "nobody knows where rooms stand");
                return;
            }
        };
        for head in &heads {
            self.hub.look(head.room, head.rev);
        }
        let standing: HashSet<RoomId> = heads.iter().map(|head| head.room).collect();
        for room in rooms.iter().filter(|room| !standing.contains(room)) {
            self.dissolve(*room).await;
        }
    }

    /// A store that was put back has forgotten what listeners know.
    async fn compare(&self, known: &mut Option<Epoch>) {
        match (self.source.epoch().await, &known) {
            (Ok(epoch), Some(before)) if epoch != *before => {
                tracing::warn!(
                    before = before.as_str(),
                    epoch = epoch.as_str(),
                    "the store is another one now"
                );
                self.hub.end_all(Ending::Restart);
                *known = Some(epoch);
            }
            (Ok(epoch), _) => *known = Some(epoch),
            // The look at the rooms fails as well, and says so.
            (Err(_), _) => (),
        }
    }

    /// Has everything told that the store knows and the hub does not.
    async fn mend(&self, room: RoomId) {
        let Some(mut at) = self.hub.torn_at(room) else {
            return;
        };
        loop {
            metrics::counter!("tertulia_realtime_holes_total").increment(1);
            match self.source.since(room, at, STRETCH).await {
                Ok(Some(stretch)) => {
                    let (up_to, more) = (stretch.up_to, stretch.more);
                    self.hub.fill(room, at, stretch.changes, up_to);
                    if !more || up_to <= at {
                        return;
                    }
                    at = up_to;
                }
                Ok(None) => return self.dissolve(room).await,
                Err(failure) => {
                    // The next look at where rooms stand finds it again.
                    tracing::warn!(%room, error = %failure.chain(), "a hole was not filled");
                    return;
                }
            }
        }
    }

    async fn dissolve(&self, room: RoomId) {
        if self.hub.dissolve(room) {
            self.source.gone(room).await;
        }
    }
}
