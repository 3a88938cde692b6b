//! Rate limiting while the shared limiter is down.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::limiter::{Admission, Left, Limit, LimitKey};
use domain::port::{Clock, Limiter};
use domain::{Failure, Timestamp};

use super::outage::Outage;

/// Decorates a shared [`Limiter`] with a local one of this node as a fallback.
///
/// - While the shared one answers, it alone counts.
/// - When it fails, this node counts by itself, starting from nothing: a client that had used up its
///   points gets them all once more, which is little compared to admitting everything.
/// - After a failure, the shared one is left alone for a moment, and then probed by one call after each
///   rest.
/// - It never fails, because its local limiter does not.
pub struct SteadyLimiter {
    shared: Arc<dyn Limiter>,
    own: Arc<dyn Limiter>,
    pub(super) outage: Outage,
}

impl SteadyLimiter {
    /// Asks `shared`, and `own` as a fallback.
    pub fn new(shared: Arc<dyn Limiter>, own: Arc<dyn Limiter>, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared,
            own,
            outage: Outage::new("limits", clock),
        }
    }
}

#[async_trait]
impl Limiter for SteadyLimiter {
    async fn admit(
        &self,
        key: &LimitKey,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Admission, Failure> {
        match self.outage.ask(self.shared.admit(key, limit, now)).await {
            Some(admission) => Ok(admission),
            None => self.own.admit(key, limit, now).await,
        }
    }

    async fn look(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Left, Failure> {
        match self.outage.ask(self.shared.look(key, limit, now)).await {
            Some(left) => Ok(left),
            None => self.own.look(key, limit, now).await,
        }
    }

    async fn give_back(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<(), Failure> {
        let shared = self.shared.give_back(key, limit, now);
        match self.outage.ask(shared).await {
            Some(()) => Ok(()),
            None => self.own.give_back(key, limit, now).await,
        }
    }
}
