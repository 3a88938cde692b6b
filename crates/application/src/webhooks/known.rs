//! Which webhooks there are, remembered for a moment.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::port::{Clock, Webhooks};
use domain::{Failure, Timestamp, Webhook};

use crate::Ports;
use crate::recent::is_believed;

/// For how long they are believed to be as they were read. Nodes do not tell each other of changed
/// webhooks, so that this is how long another node's change may take to show.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Spares every event the question who wants to know of it: where there are no webhooks, an event costs
/// nothing but a look in here.
pub(super) struct KnownWebhooks {
    webhooks: Arc<dyn Webhooks>,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// All of them, and until when that is believed.
    all: Option<(Arc<[Webhook]>, Timestamp)>,
    /// How often they were forgotten. What was read before the last time may be old.
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

    /// All of them.
    pub(super) async fn all(&self) -> Result<Arc<[Webhook]>, Failure> {
        let now = self.clock.now();
        let forgotten = {
            let memory = self.lock();
            if let Some((all, until)) = &memory.all
                && is_believed(*until, MAX_AGE, now)
            {
                return Ok(Arc::clone(all));
            }
            memory.forgotten
        };
        let all: Arc<[Webhook]> = self.webhooks.all().await?.into();
        let mut memory = self.lock();
        if memory.forgotten == forgotten {
            memory.all = Some((Arc::clone(&all), now + MAX_AGE));
        }
        Ok(all)
    }

    /// Believes nothing any more.
    pub(super) fn forget(&self) {
        let mut memory = self.lock();
        memory.all = None;
        memory.forgotten = memory.forgotten.wrapping_add(1);
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        // Nothing in here is left half done by a panic.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
