//! The wiring for managing dead letters.

use std::sync::Arc;

use adapter_memory::{RandomIds, SystemClock};
use adapter_rabbitmq::RabbitJobs;
use domain::port::{Jobs, Outbox};

use super::jobs;
use super::store::{self, Stored};
use crate::settings::Settings;

/// The dead letters of all queues, in whichever backend.
pub struct DeadLetters {
    /// The queues.
    pub jobs: Arc<dyn Jobs>,
    handle: Handle,
}

enum Handle {
    Store(store::Handle),
    Rabbit(Arc<RabbitJobs>),
}

impl DeadLetters {
    /// Opens RabbitMQ, or else the store.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        if let Some(url) = &settings.rabbitmq.url {
            let rabbit = jobs::rabbit(url, &settings.jobs)?;
            return Ok(Self {
                jobs: Arc::<RabbitJobs>::clone(&rabbit),
                handle: Handle::Rabbit(rabbit),
            });
        }
        let ids = RandomIds::new(Arc::new(SystemClock));
        let stored = Stored::open(settings, &ids).await?;
        let outbox: Arc<dyn Outbox> = stored.outbox;
        Ok(Self {
            jobs: jobs::inside(&settings.jobs, &outbox),
            handle: Handle::Store(stored.handle),
        })
    }

    /// Closes what was opened.
    pub async fn close(self) {
        match self.handle {
            Handle::Store(store) => store.close().await,
            Handle::Rabbit(rabbit) => rabbit.close().await,
        }
    }
}
