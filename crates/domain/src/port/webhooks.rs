//! Other systems that are told what happens.

use async_trait::async_trait;

use crate::{Failure, RoomId, Topics, Webhook, WebhookId, WebhookUrl};

/// What is to be different about a webhook. What is missing stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookChange {
    /// Another address.
    pub url: Option<WebhookUrl>,
    /// Other topics.
    pub topics: Option<Topics>,
    /// Another room, or none.
    pub room: Option<Option<RoomId>>,
    /// Whether it is told anything.
    pub enabled: Option<bool>,
}

/// Keeps webhooks. There are few of them.
///
/// # Obligations
/// - `a_webhook_is_found_as_kept`: also among all, the oldest first.
/// - `a_change_changes_what_it_names`: and nothing else; what is unknown is `None`.
/// - `a_removed_webhook_is_gone_with_its_deliveries`: removing it again answers `false`.
#[async_trait]
pub trait Webhooks: Send + Sync + 'static {
    /// Keeps a new one.
    async fn create(&self, webhook: &Webhook) -> Result<(), Failure>;

    /// All of them.
    async fn all(&self) -> Result<Vec<Webhook>, Failure>;

    /// One of them.
    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Failure>;

    /// Changes one, and answers with what it is now.
    async fn change(
        &self,
        id: WebhookId,
        change: &WebhookChange,
    ) -> Result<Option<Webhook>, Failure>;

    /// Forgets one, and answers whether there was one.
    async fn remove(&self, id: WebhookId) -> Result<bool, Failure>;
}
