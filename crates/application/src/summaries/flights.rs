//! Making a summary once on this node, however many requests wait for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use domain::Failure;
use domain::port::cache::CacheKey;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::range_summary::RangeSummary;
use crate::lock::lock;
use crate::shared_failure::SharedFailure;

/// The outcome shared by everything that waits for a flight.
pub(super) type Landed = Result<Arc<RangeSummary>, SharedFailure>;

type Flight = Shared<BoxFuture<'static, Landed>>;

/// The summaries being made on this node. Each flight is a task of its own, so it goes on for the
/// others when one of the requests waiting for it is cancelled.
#[derive(Clone, Default)]
pub(super) struct Flights {
    tasks: TaskTracker,
    closing: CancellationToken,
    flying: Arc<Mutex<HashMap<CacheKey, Flight>>>,
}

/// Removes a flight from the map, however it ends.
struct OnBoard {
    flights: Flights,
    key: CacheKey,
}

impl Flights {
    /// Waits for the flight of this key, starting it if it is not under way.
    pub(super) async fn join(
        &self,
        key: CacheKey,
        make: impl FnOnce() -> BoxFuture<'static, Result<RangeSummary, Failure>>,
    ) -> Landed {
        let flight = {
            let mut flying = lock(&self.flying);
            let known = flying.get(&key).cloned();
            known.unwrap_or_else(|| {
                let flight = self.begin(key.clone(), make());
                flying.insert(key, flight.clone());
                flight
            })
        };
        flight.await
    }

    /// Cancels all flights and waits until they have ended.
    pub(super) async fn close(&self) {
        self.closing.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn begin(
        &self,
        key: CacheKey,
        make: BoxFuture<'static, Result<RangeSummary, Failure>>,
    ) -> Flight {
        let (land, landed) = oneshot::channel();
        let on_board = OnBoard {
            flights: self.clone(),
            key,
        };
        let closing = self.closing.clone();
        self.tasks.spawn(async move {
            let outcome = tokio::select! {
                biased;
                () = closing.cancelled() => Err(ended()),
                outcome = make => outcome,
            };
            drop(on_board);
            // Every waiting request may have been cancelled.
            drop(land.send(outcome.map(Arc::new).map_err(SharedFailure::new)));
        });
        let landed =
            landed.map(|landed| landed.unwrap_or_else(|_| Err(SharedFailure::new(ended()))));
        landed.boxed().shared()
    }
}

impl Drop for OnBoard {
    fn drop(&mut self) {
        lock(&self.flights.flying).remove(&self.key);
    }
}

fn ended() -> Failure {
    Failure::passing("summaries", "make", "cancelled by shutdown")
}
