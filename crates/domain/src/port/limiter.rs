//! Rate limits.

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;

use crate::{Failure, RoomId, Timestamp, UserId};

/// What is limited, and whom the limit applies to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LimitKey {
    /// Messages of a user in a room.
    Messages(UserId, RoomId),
    /// Failed logins from an address.
    LoginAddress(IpAddr),
    /// Failed logins to an account from a network.
    LoginNetwork(String, IpAddr),
    /// Failed logins to an account from anywhere.
    LoginAccount(String),
    /// Registrations from an address.
    Registrations(IpAddr),
    /// Unauthenticated requests from an address.
    Anonymous(IpAddr),
    /// Requests of a user.
    Person(UserId),
    /// Summaries requested by a user.
    Summaries(UserId),
    /// Summaries requested in a room.
    RoomSummaries(RoomId),
}

/// At most this many per period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many; 0 means unlimited.
    pub points: u32,
    /// The period.
    pub per: Duration,
}

impl Limit {
    /// Whether there is no limit at all.
    pub const fn is_none(self) -> bool {
        self.points == 0 || self.per.is_zero()
    }

    /// The time in which one point is replenished.
    pub fn interval(self) -> Duration {
        self.per.checked_div(self.points).unwrap_or_default()
    }
}

/// Whether something may be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may, and a point was used.
    Granted {
        /// How many more may be done right away.
        remaining: u32,
        /// When all points will have been replenished.
        reset: Duration,
    },
    /// It may not; no point was used.
    Limited {
        /// When a retry will be granted.
        retry_after: Duration,
        /// When all points will have been replenished.
        reset: Duration,
    },
}

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How many may be done right away.
    pub remaining: u32,
    /// When all points will have been replenished.
    pub reset: Duration,
    /// When the next will be granted; zero while some remain.
    pub retry_after: Duration,
}

impl Left {
    /// The whole of a limit.
    pub const fn all(limit: Limit) -> Self {
        Self {
            remaining: limit.points,
            reset: Duration::ZERO,
            retry_after: Duration::ZERO,
        }
    }
}

/// Limits rates by the generic cell rate algorithm: points are replenished evenly, one per
/// [`interval`](Limit::interval), up to the limit's points.
///
/// # Obligations
/// - `as_many_as_the_limit_are_granted`: in one moment, then `Limited`; also with concurrent calls.
/// - `points_come_back_evenly`: one after an interval, all after the limit's period.
/// - `a_limited_call_takes_no_point`: repeating it does not prolong the wait.
/// - `a_returned_point_is_there_again`: but never more than the limit's points.
/// - `keys_are_counted_apart`.
/// - `a_look_takes_no_point`: and predicts the next call.
/// - `the_answer_tells_what_is_left`: `remaining`, `reset` and `retry_after` agree with what then happens.
/// - `a_clock_that_is_set_back_locks_nobody_out`: nobody waits for longer than the limit's period.
#[async_trait]
pub trait Limiter: Send + Sync + 'static {
    /// Uses a point, if there is one.
    async fn admit(
        &self,
        key: &LimitKey,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Admission, Failure>;

    /// Reports what is left, without using a point.
    async fn look(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Left, Failure>;

    /// Returns a point that was used in vain.
    async fn give_back(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<(), Failure>;
}
