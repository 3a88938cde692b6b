//! Webhooks.

use async_trait::async_trait;

use crate::{Edit, Failure, RoomId, Topics, Webhook, WebhookId, WebhookUrl};

/// New values for some of a webhook's properties; `None` and [`Edit::Keep`] leave one as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookChange {
    /// A new URL.
    pub url: Option<WebhookUrl>,
    /// New topics.
    pub topics: Option<Topics>,
    /// A new room, or none.
    pub room: Edit<RoomId>,
    /// Whether it receives anything.
    pub enabled: Option<bool>,
}

impl WebhookChange {
    /// The webhook with the new values.
    pub fn apply(&self, webhook: Webhook) -> Webhook {
        let new = self.clone();
        Webhook {
            url: new.url.unwrap_or(webhook.url),
            topics: new.topics.unwrap_or(webhook.topics),
            room: new.room.apply(webhook.room),
            enabled: new.enabled.unwrap_or(webhook.enabled),
            ..webhook
        }
    }
}

/// Stores webhooks. There are few of them.
///
/// # Obligations
/// - `a_webhook_is_found_as_kept`: by its id and among all of them, oldest first.
/// - `a_change_changes_what_it_names`: and nothing else; the answer for an unknown webhook is `None`.
/// - `a_removed_webhook_is_gone_with_its_deliveries`: removing it again returns `false`.
#[async_trait]
pub trait Webhooks: Send + Sync + 'static {
    /// Stores a new webhook.
    async fn create(&self, webhook: &Webhook) -> Result<(), Failure>;

    /// All webhooks.
    async fn all(&self) -> Result<Vec<Webhook>, Failure>;

    /// The webhook with this id.
    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Failure>;

    /// Changes a webhook, and returns it as it is now.
    async fn change(
        &self,
        id: WebhookId,
        change: &WebhookChange,
    ) -> Result<Option<Webhook>, Failure>;

    /// Deletes a webhook; returns whether there was one.
    async fn remove(&self, id: WebhookId) -> Result<bool, Failure>;
}
