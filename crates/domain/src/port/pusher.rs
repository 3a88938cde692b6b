//! Web Push: notifying devices that have no connection.

use async_trait::async_trait;

use super::notifier::Notification;
use crate::PushSubscription;

/// Whether a subscription can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushable {
    /// It can, as far as can be told now.
    Yes,
    /// Its endpoint may not be called, for this reason.
    Endpoint(&'static str),
    /// Its public key is invalid, for this reason.
    Key(&'static str),
}

/// The outcome of a push. Its texts are meant for an operator and do not contain the endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The push service accepted it.
    Taken,
    /// The subscription no longer exists.
    Gone,
    /// It was refused permanently.
    Refused(String),
    /// It may be accepted later.
    Later(String),
}

/// Sends notifications to push services. A rejected push is an outcome here, not a failure.
///
/// # Obligations
/// - `a_notification_is_pushed`: and can be decrypted with the subscription's keys only.
/// - `what_the_push_service_answers_is_told`: that a subscription is gone, that a push is refused
///   permanently, or that it may be accepted later.
/// - `a_service_that_wants_rest_is_left_alone`: for as long as it asked for.
/// - `that_nobody_answers_is_told`: it may be retried later.
/// - `what_may_not_be_pushed_to_is_refused`: both when it is checked and when it is pushed to.
#[async_trait]
pub trait Pusher: Send + Sync + 'static {
    /// The server's public key, which identifies it to browsers: an uncompressed P-256 point of 65 bytes.
    fn key(&self) -> [u8; 65];

    /// Whether a subscription can be used.
    async fn check(&self, subscription: &PushSubscription) -> Pushable;

    /// Pushes a notification to a subscription.
    async fn push(&self, to: &PushSubscription, notification: &Notification) -> Pushed;
}
