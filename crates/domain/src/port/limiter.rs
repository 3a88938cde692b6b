//! How often something may be done.

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;

use crate::{Failure, RoomId, Timestamp, UserId};

/// What is limited, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LimitKey {
    /// Messages of a person in a room.
    Messages(UserId, RoomId),
    /// Failed logins from an address.
    LoginAddress(IpAddr),
    /// Failed logins into an account from a network.
    LoginNetwork(String, IpAddr),
    /// Failed logins into an account from anywhere.
    LoginAccount(String),
    /// Registrations from an address.
    Registrations(IpAddr),
    /// Requests from an address without signing in.
    Anonymous(IpAddr),
    /// Requests of a person.
    Person(UserId),
    /// Summaries that a person asks for.
    Summaries(UserId),
    /// Summaries that are asked for in a room.
    RoomSummaries(RoomId),
}

/// So many in such a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many; 0 means without limit.
    pub points: u32,
    /// In which time.
    pub per: Duration,
}

impl Limit {
    /// Whether there is no limit at all.
    pub const fn is_none(self) -> bool {
        self.points == 0 || self.per.is_zero()
    }

    /// The time in which one point comes back.
    pub fn interval(self) -> Duration {
        self.per.checked_div(self.points).unwrap_or_default()
    }
}

/// Whether something may be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may, and a point was taken.
    Granted {
        /// How many more may be done at once.
        remaining: u32,
        /// When all points will be back.
        reset: Duration,
    },
    /// It may not; no point was taken.
    Limited {
        /// When it may again.
        retry_after: Duration,
        /// When all points will be back.
        reset: Duration,
    },
}

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How many may be done at once.
    pub remaining: u32,
    /// When all points will be back.
    pub reset: Duration,
    /// When the next may be done; zero while some remain.
    pub retry_after: Duration,
}

impl Left {
    /// All of a limit.
    pub const fn all(limit: Limit) -> Self {
        Self {
            remaining: limit.points,
            reset: Duration::ZERO,
            retry_after: Duration::ZERO,
        }
    }
}

/// Counts by the generic cell rate algorithm: points come back evenly, one every
/// [`interval`](Limit::interval), up to the limit's points.
///
/// # Obligations
/// - `as_many_as_the_limit_are_granted`: at one moment, then `Limited`; also when asked at once.
/// - `points_come_back_evenly`: one after an interval, all after the limit's time.
/// - `a_limited_call_takes_no_point`: asking again and again does not prolong the wait.
/// - `a_returned_point_is_there_again`: and never more than the limit's points.
/// - `keys_are_counted_apart`.
/// - `a_look_takes_no_point`: and tells what the next call will find.
/// - `the_answer_tells_what_is_left`: remaining, reset and retry-after fit what then happens.
/// - `a_clock_that_is_set_back_locks_nobody_out`: nobody waits for longer than the limit's time.
#[async_trait]
pub trait Limiter: Send + Sync + 'static {
    /// Takes a point, if there is one.
    async fn admit(
        &self,
        key: &LimitKey,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Admission, Failure>;

    /// Tells what is left.
    async fn look(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Left, Failure>;

    /// Gives a point back that was taken for nothing.
    async fn give_back(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<(), Failure>;
}
