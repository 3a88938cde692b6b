//! Registered webhooks.

use async_trait::async_trait;
use domain::port::Webhooks;
use domain::port::webhooks::WebhookChange;
use domain::{Failure, Webhook, WebhookId};

use crate::MemoryStore;
use crate::state::WebhookRow;

#[async_trait]
impl Webhooks for MemoryStore {
    async fn create(&self, webhook: &Webhook) -> Result<(), Failure> {
        let mut state = self.state();
        let id = webhook.id;
        if state.webhooks.0.contains_key(&id) {
            let used = format!("the id {id} is in use");
            return Err(Failure::lasting("webhooks", "create", used));
        }
        state
            .webhooks
            .0
            .insert(id, WebhookRow::new(webhook.clone()));
        Ok(())
    }

    async fn all(&self) -> Result<Vec<Webhook>, Failure> {
        let state = self.state();
        let all = state.webhooks.0.values();
        let mut all: Vec<Webhook> = all.map(|row| row.webhook.clone()).collect();
        all.sort_by_key(|webhook| (webhook.created_at, webhook.id));
        Ok(all)
    }

    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Failure> {
        let state = self.state();
        Ok(state.webhooks.0.get(&id).map(|row| row.webhook.clone()))
    }

    async fn change(
        &self,
        id: WebhookId,
        change: &WebhookChange,
    ) -> Result<Option<Webhook>, Failure> {
        let mut state = self.state();
        let Some(row) = state.webhooks.row(id) else {
            return Ok(None);
        };
        row.webhook = change.apply(row.webhook.clone());
        Ok(Some(row.webhook.clone()))
    }

    async fn remove(&self, id: WebhookId) -> Result<bool, Failure> {
        Ok(self.state().webhooks.0.remove(&id).is_some())
    }
}
