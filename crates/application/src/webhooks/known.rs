//! A short-lived cache of the webhooks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::{Clock, Webhooks};
use domain::{Failure, Timestamp, Webhook};

use crate::Ports;
use crate::lock::lock;
use crate::recent::is_believed;

/// How long the cached webhooks are used. Nodes do not notify each other of changed webhooks, so
/// this is how long a change made on another node may take to show.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Saves a query per event: where there are no webhooks, an event costs no more than a lookup in
/// this cache.
pub(super) struct KnownWebhooks {
    webhooks: Arc<dyn Webhooks>,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// All webhooks, and until when the entry is valid.
    all: Option<(Arc<[Webhook]>, Timestamp)>,
    /// The number of invalidations. What was read before the last one may be outdated.
    forgotten: u64,
}

impl KnownWebhooks {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            webhooks: Arc::clone(&ports.webhooks),
            clock: Arc::clone(&ports.clock),
            memory: Mutex::default(),
        }
    }

    /// All webhooks.
    pub(super) async fn all(&self) -> Result<Arc<[Webhook]>, Failure> {
        let now = self.clock.now();
        let forgotten = {
            let memory = lock(&self.memory);
            if let Some((all, until)) = &memory.all
                && is_believed(*until, MAX_AGE, now)
            {
                return Ok(Arc::clone(all));
            }
            memory.forgotten
        };
        let all: Arc<[Webhook]> = self.webhooks.all().await?.into();
        let mut memory = lock(&self.memory);
        if memory.forgotten == forgotten {
            memory.all = Some((Arc::clone(&all), now + MAX_AGE));
        }
        Ok(all)
    }

    /// Invalidates the cache.
    pub(super) fn forget(&self) {
        let mut memory = lock(&self.memory);
        memory.all = None;
        memory.forgotten = memory.forgotten.wrapping_add(1);
    }
}
