//! Deliveries to webhooks, and their results.

use async_trait::async_trait;
use domain::port::WebhookLog;
use domain::port::webhook_log::{LogLimits, LogPage, Tried, WebhookClaim};
use domain::{EventId, Failure, NodeId, Telling, Timestamp, WebhookDelivery, WebhookId};

use crate::MemoryStore;

#[async_trait]
impl WebhookLog for MemoryStore {
    async fn enqueue(
        &self,
        telling: &Telling,
        webhooks: &[WebhookId],
        now: Timestamp,
    ) -> Result<(), Failure> {
        let mut state = self.state();
        for id in webhooks {
            if let Some(row) = state.webhooks.row(*id) {
                row.enqueue(telling, now);
            }
        }
        Ok(())
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<WebhookId>, Failure> {
        Ok(self.state().webhooks.due(now))
    }

    async fn claim(&self, claim: &WebhookClaim) -> Result<Vec<WebhookDelivery>, Failure> {
        let mut state = self.state();
        let row = state.webhooks.row(claim.webhook);
        Ok(row.map_or_else(Vec::new, |row| row.claim(claim)))
    }

    async fn release(&self, holder: NodeId) -> Result<(), Failure> {
        self.state().webhooks.release(holder);
        Ok(())
    }

    async fn settle(&self, tried: &Tried) -> Result<(), Failure> {
        if let Some(row) = self.state().webhooks.row(tried.webhook) {
            row.settle(tried);
        }
        Ok(())
    }

    async fn page(&self, page: &LogPage) -> Result<Vec<WebhookDelivery>, Failure> {
        Ok(self.state().webhooks.page(page))
    }

    async fn replay(
        &self,
        webhook: WebhookId,
        events: &[EventId],
        now: Timestamp,
    ) -> Result<usize, Failure> {
        let mut state = self.state();
        let row = state.webhooks.row(webhook);
        Ok(row.map_or(0, |row| row.replay(events, now)))
    }

    async fn trim(&self, webhook: WebhookId, limits: &LogLimits) -> Result<usize, Failure> {
        let mut state = self.state();
        let row = state.webhooks.row(webhook);
        Ok(row.map_or(0, |row| row.trim(limits)))
    }
}
