//! Profiles while their store is down.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::{Clock, Profiles};
use domain::{Failure, ProfileDocument, UserId};

use super::outage::Outage;

/// Decorates [`Profiles`].
///
/// - While the store is down, no profiles are found: users are shown without one, and requests do not
///   wait in vain.
/// - Preparing, putting and erasing always go to the store and fail with it.
pub struct SteadyProfiles {
    inner: Arc<dyn Profiles>,
    outage: Outage,
}

impl SteadyProfiles {
    /// Asks `inner` as long as it answers.
    pub fn new(inner: Arc<dyn Profiles>, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            outage: Outage::new("profiles", clock),
        }
    }
}

#[async_trait]
impl Profiles for SteadyProfiles {
    async fn find(&self, users: &[UserId]) -> Result<Vec<(UserId, ProfileDocument)>, Failure> {
        let found = self.outage.ask(self.inner.find(users)).await;
        Ok(found.unwrap_or_default())
    }

    async fn prepare(&self, user: UserId) -> Result<(), Failure> {
        self.inner.prepare(user).await
    }

    async fn put(&self, user: UserId, document: &ProfileDocument) -> Result<(), Failure> {
        self.inner.put(user, document).await
    }

    async fn erase(&self, user: UserId) -> Result<(), Failure> {
        self.inner.erase(user).await
    }
}
