//! Delivering webhooks over the network.

use async_trait::async_trait;

use crate::{EventId, Timestamp, WebhookSecret, WebhookUrl};

/// A call of a webhook.
#[derive(Clone, Copy, Debug)]
pub struct WebhookCall<'a> {
    /// The URL to call.
    pub url: &'a WebhookUrl,
    /// The key to sign it with.
    pub secret: &'a WebhookSecret,
    /// The event's id, the same on every attempt.
    pub id: EventId,
    /// When it is sent.
    pub at: Timestamp,
    /// The payload, as JSON.
    pub body: &'a [u8],
}

/// Whether a URL may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callable {
    /// It may, as far as can be told now.
    Yes,
    /// It may not, for this reason.
    No(&'static str),
}

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The receiver accepted it, with this status.
    Taken(u16),
    /// The receiver answered with any other status.
    Refused(u16),
    /// There was no answer, or the URL may not be called. The text is meant for an operator and does not
    /// contain the URL.
    Failed(String),
}

/// Delivers webhooks. A rejected delivery is an outcome here, not a failure.
///
/// # Obligations
/// - `a_webhook_is_sent`: complete, with its id, and signed.
/// - `what_the_other_side_answers_is_told`.
/// - `that_nobody_answers_is_told`.
/// - `an_address_that_may_not_be_called_is_refused`: both when it is checked and when it is called.
#[async_trait]
pub trait WebhookSender: Send + Sync + 'static {
    /// Whether a URL may be called.
    async fn check(&self, url: &WebhookUrl) -> Callable;

    /// Calls a webhook.
    async fn send(&self, call: &WebhookCall<'_>) -> Sent;
}
