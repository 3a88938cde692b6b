//! How signed-in devices are reached while they have no connection.

use async_trait::async_trait;

use crate::{Device, Failure, PushEndpoint, PushSubscription, SessionId, Timestamp, UserId};

/// Keeps a subscription with the session that it was made in, for as long as that lives. It is kept where
/// sessions are, so that nothing that ends a session has to think of it.
///
/// # Obligations
/// - `a_subscription_is_found_as_kept`: with its session, for several people at once; of each person the
///   sessions used last come first.
/// - `a_session_has_one`: another takes its place, and the same once more changes nothing.
/// - `an_endpoint_belongs_to_one_session`: to the one that kept it last. Whoever was signed in with the same
///   browser before is not told there any more.
/// - `only_a_live_session_keeps_one`: of that person. Otherwise the answer is `false`.
/// - `a_subscription_ends_with_its_session`: whether that was ended, with all others or alone, ended itself
///   because a token was stolen, or has expired. A renewed session keeps its subscription.
/// - `a_removed_subscription_is_gone`: removing it again answers `false`. Where an endpoint is named, only
///   if it is still that one.
/// - `one_that_has_expired_is_not_found`: when its browser said that it would.
/// - `that_there_is_none_is_known`: as long as none was kept, and when the last has been removed or ended. Of
///   what has expired, perhaps not.
#[async_trait]
pub trait PushSubscriptions: Send + Sync + 'static {
    /// Keeps a subscription for a session, and answers whether that lives.
    async fn keep(
        &self,
        session: SessionId,
        user: UserId,
        subscription: &PushSubscription,
        now: Timestamp,
    ) -> Result<bool, Failure>;

    /// Forgets a session's subscription, or only that of an endpoint, and answers whether there was one.
    async fn remove(
        &self,
        session: SessionId,
        user: UserId,
        only: Option<&PushEndpoint>,
    ) -> Result<bool, Failure>;

    /// The devices by which these people can be reached.
    async fn of_users(&self, users: &[UserId], now: Timestamp) -> Result<Vec<Device>, Failure>;

    /// Whether there is anybody at all.
    async fn any(&self) -> Result<bool, Failure>;
}
