//! Push subscriptions of signed-in devices.

use async_trait::async_trait;

use crate::{Device, Failure, PushEndpoint, PushSubscription, SessionId, Timestamp, UserId};

/// Stores a push subscription with its session, for as long as the session lives. Subscriptions are kept
/// where sessions are, so that ending a session needs no extra step to remove them.
///
/// # Obligations
/// - `a_subscription_is_found_as_kept`: with its session, for several users at once; for each user the most
///   recently used sessions come first.
/// - `a_session_has_one`: a new one replaces it, and storing the same again changes nothing.
/// - `an_endpoint_belongs_to_one_session`: the last one that stored it. A user who was signed in with the
///   same browser before is no longer notified there.
/// - `only_a_live_session_keeps_one`: and only its own user's. Otherwise the answer is `false`.
/// - `a_subscription_ends_with_its_session`: whether the session was ended alone, together with all others,
///   or because a token was stolen, or has expired. A renewed session keeps its subscription.
/// - `a_removed_subscription_is_gone`: removing it again returns `false`. If an endpoint is given, the
///   subscription is removed only if it still has that endpoint.
/// - `one_that_has_expired_is_not_found`: after the time that its browser gave.
/// - `that_there_is_none_is_known`: before the first one is stored, and after the last one was removed or
///   its session ended. Expired ones may still count.
#[async_trait]
pub trait PushSubscriptions: Send + Sync + 'static {
    /// Stores a session's subscription; returns whether the session is live.
    async fn keep(
        &self,
        session: SessionId,
        user: UserId,
        subscription: &PushSubscription,
        now: Timestamp,
    ) -> Result<bool, Failure>;

    /// Deletes a session's subscription, if it has the given endpoint (if any); returns whether it did.
    async fn remove(
        &self,
        session: SessionId,
        user: UserId,
        only: Option<&PushEndpoint>,
    ) -> Result<bool, Failure>;

    /// The devices on which these users can be reached.
    async fn of_users(&self, users: &[UserId], now: Timestamp) -> Result<Vec<Device>, Failure>;

    /// Whether there are any subscriptions at all.
    async fn any(&self) -> Result<bool, Failure>;
}
