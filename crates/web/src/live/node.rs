//! All sockets of a node.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use application::live::{RENEW_EVERY, SWEEP_EVERY};
use application::{UseCases, supervised};
use domain::port::{Bus, Clock, Ids};
use realtime::{Bounds, Hub, Keeper};
use tokio::sync::Semaphore;

use super::errands::Errands;
use super::feed::Feed;
use super::removals::Removals;
use super::source::Rooms;
use crate::Options;
use crate::translate::Links;

/// How often the sessions of the node's sockets are checked, in case the bus missed the end of one.
const CHECK_EVERY: Duration = Duration::from_secs(20);
/// How many reads for subscribing clients run at once. When all clients of a node come back, they wait
/// in the order in which they came, and those already live notice little.
const TURNS: usize = 32;
/// How often to check whether all sockets have closed.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// All sockets of a node.
pub struct Sockets {
    pub(super) hub: Arc<Hub>,
    pub(crate) use_cases: Arc<UseCases>,
    pub(super) ids: Arc<dyn Ids>,
    pub(crate) clock: Arc<dyn Clock>,
    turns: Semaphore,
    stopping: AtomicBool,
}

impl Sockets {
    /// Sockets for these use cases, none of them open yet.
    pub fn new(use_cases: &Arc<UseCases>, ids: &Arc<dyn Ids>, clock: &Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            hub: Hub::new(Bounds::default()),
            use_cases: Arc::clone(use_cases),
            ids: Arc::clone(ids),
            clock: Arc::clone(clock),
            turns: Semaphore::new(TURNS),
            stopping: AtomicBool::new(false),
        })
    }

    /// Keeps the sockets in step with the store and with what other nodes announce. Runs forever: a loop
    /// that panics starts again, and the others go on.
    pub async fn keep(self: Arc<Self>, bus: Arc<dyn Bus>, options: Options) {
        let links = Links::of_server(&options);
        let (removals, overlooked) = Removals::new(&self.hub, &self.use_cases);
        let (errands, to_do) = Errands::new(&self.hub, &self.use_cases, links, removals.clone());
        let rooms = Rooms::new(
            &self.hub,
            &self.use_cases,
            errands.clone(),
            removals.clone(),
        );
        let keeper = Keeper::new(&self.hub, Arc::new(rooms), Arc::clone(&bus));
        let feed = Feed::new(&self.hub, &self.use_cases, &self.clock, errands, removals);
        tokio::join!(
            // What it misses meanwhile is read from the store, as after a time without the bus.
            supervised("feed", || feed.listen(&*bus)),
            keeper.run(),
            to_do.run(),
            overlooked.run(),
            supervised("renewals", || self.renew()),
            supervised("sweeps", || self.sweep()),
            supervised("sessions", || self.check_sessions()),
        );
    }

    /// Tells all clients to reconnect elsewhere, and waits at most `patience` until they have closed.
    pub async fn close(&self, patience: Duration) {
        self.stopping.store(true, Ordering::Release);
        self.hub.close();
        let empty = async {
            while !self.hub.is_empty() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        if tokio::time::timeout(patience, empty).await.is_err() {
            tracing::warn!("some sockets did not close before the deadline");
        }
        self.use_cases.attendance.close().await;
    }

    /// Runs a read for a subscribing client when its turn comes.
    pub(super) async fn in_turn<T>(&self, read: impl Future<Output = T>) -> T {
        // The semaphore is never closed, so there is always a permit.
        let _turn = self.turns.acquire().await;
        read.await
    }

    /// Whether the node is about to stop.
    pub(crate) fn are_closing(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Reports periodically that the node's connections are still open.
    async fn renew(&self) -> ! {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            self.use_cases.attendance.renew().await;
        }
    }

    /// Tells periodically who came online and went offline.
    async fn sweep(&self) -> ! {
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            self.use_cases.attendance.sweep().await;
        }
    }

    /// Ends the sockets of sessions whose end the bus did not announce.
    async fn check_sessions(&self) -> ! {
        loop {
            tokio::time::sleep(CHECK_EVERY).await;
            let sessions = self.hub.sessions();
            match self.use_cases.check_sessions.ended(&sessions).await {
                Ok(ended) => self.hub.end_sessions(&ended),
                // Without an answer no session is ended.
                Err(failure) => {
                    tracing::warn!(error = %failure.chain(), "could not check sessions; revoked ones may stay connected for now");
                }
            }
        }
    }
}
