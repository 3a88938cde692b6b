//! Telling devices that have no connection, by the push services of their browsers.

use async_trait::async_trait;

use super::notifier::Notification;
use crate::PushSubscription;

/// Whether a subscription can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushable {
    /// As far as can be told now.
    Yes,
    /// Its endpoint may not be called, for a reason in words.
    Endpoint(&'static str),
    /// Its public key is none.
    Key(&'static str),
}

/// What a push has come to. Words are for an operator, and do not repeat the endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The push service has it.
    Taken,
    /// There is no such subscription any more.
    Gone,
    /// It will never be taken.
    Refused(String),
    /// It may be taken later.
    Later(String),
}

/// Hands notifications to push services. Not being taken is an outcome here, and nothing that breaks.
///
/// # Obligations
/// - `a_notification_is_pushed`: and can be read with the subscription's keys alone.
/// - `what_the_push_service_answers_is_told`: that a subscription is gone, that a push is refused for good,
///   or that it may be taken later.
/// - `a_service_that_wants_rest_is_left_alone`: for as long as it said.
/// - `that_nobody_answers_is_told`: it may be tried later.
/// - `what_may_not_be_pushed_to_is_refused`: when it is checked, and when it is pushed to.
#[async_trait]
pub trait Pusher: Send + Sync + 'static {
    /// The server's public key, by which browsers know it: a point of P-256 in 65 bytes.
    fn key(&self) -> [u8; 65];

    /// Whether a subscription can be used.
    async fn check(&self, subscription: &PushSubscription) -> Pushable;

    /// Pushes to it.
    async fn push(&self, to: &PushSubscription, notification: &Notification) -> Pushed;
}
