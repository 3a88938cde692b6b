//! The wiring for managing webhooks.

use std::sync::Arc;

use adapter_memory::{RandomIds, SystemClock};
use domain::port::{Clock, WebhookLog, Webhooks};

use super::store::{Handle, Stored};
use crate::settings::Settings;

/// Webhooks and their deliveries.
pub struct WebhookLogs {
    /// The webhooks.
    pub webhooks: Arc<dyn Webhooks>,
    /// Their deliveries.
    pub log: Arc<dyn WebhookLog>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    handle: Handle,
}

impl WebhookLogs {
    /// Opens the store.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let stored = Stored::open(settings, &RandomIds::new(Arc::clone(&clock))).await?;
        Ok(Self {
            webhooks: stored.webhooks,
            log: stored.webhook_log,
            clock,
            handle: stored.handle,
        })
    }

    /// Closes it.
    pub async fn close(self) {
        self.handle.close().await;
    }
}
