//! The daily budget while the shared counter is down.

use std::sync::Arc;

use async_trait::async_trait;
use domain::Failure;
use domain::port::budget::Day;
use domain::port::{Budget, Clock};

use super::outage::Outage;

/// Decorates a shared [`Budget`] with a local one of this node as a fallback.
///
/// - While the shared one answers, it alone counts.
/// - When it fails, this node counts by itself, starting from what it has spent in earlier outages of
///   the day: at worst each node spends the budget once more.
/// - It never fails, because its local budget does not.
pub struct SteadyBudget {
    shared: Arc<dyn Budget>,
    own: Arc<dyn Budget>,
    outage: Outage,
}

impl SteadyBudget {
    /// Asks `shared`, and `own` as a fallback.
    pub fn new(shared: Arc<dyn Budget>, own: Arc<dyn Budget>, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared,
            own,
            outage: Outage::new("budget", clock),
        }
    }
}

#[async_trait]
impl Budget for SteadyBudget {
    async fn set_aside(&self, day: Day, amount: u64, most: u64) -> Result<bool, Failure> {
        match self
            .outage
            .ask(self.shared.set_aside(day, amount, most))
            .await
        {
            Some(granted) => Ok(granted),
            None => self.own.set_aside(day, amount, most).await,
        }
    }

    async fn settle(&self, day: Day, set_aside: u64, spent: u64) -> Result<(), Failure> {
        match self
            .outage
            .ask(self.shared.settle(day, set_aside, spent))
            .await
        {
            Some(()) => Ok(()),
            None => self.own.settle(day, set_aside, spent).await,
        }
    }

    async fn taken(&self, day: Day) -> Result<u64, Failure> {
        match self.outage.ask(self.shared.taken(day)).await {
            Some(taken) => Ok(taken),
            None => self.own.taken(day).await,
        }
    }
}
