//! Cached results.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Failure, Rev, RoomId, Seq, SessionId, UserId};

/// Identifies a cached result. A key includes the version of the data that the result was computed from,
/// so a stale entry can never be hit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CacheKey {
    /// That a member was already notified of messages in a room, in one way, since their read cursor was
    /// last here. Personal and general notifications are marked separately.
    Notified {
        /// The room.
        room: RoomId,
        /// The member.
        user: UserId,
        /// The session that was pushed to, or `None` for the operator's own notifier.
        device: Option<SessionId>,
        /// Their read cursor.
        read: Seq,
        /// Whether the notification was about something addressed to them personally.
        personal: bool,
    },
    /// The summary of a range of a room's log.
    Summary {
        /// The room.
        room: RoomId,
        /// The first seq.
        from: Seq,
        /// The last seq.
        to: Seq,
        /// The latest rev of anything in the range.
        rev: Rev,
        /// The model, prompt and style that it was made with.
        maker: String,
    },
}

/// Caches bytes for a while. Losing every entry costs time, and somebody may be notified once more.
///
/// # Obligations
/// - `what_was_put_is_got_for_a_while`: until its time to live is over.
/// - `an_unknown_key_is_absent`: as is a removed one.
/// - `putting_replaces`.
/// - `every_part_of_a_key_counts`: another room, rev, range or maker is another entry.
/// - `nothing_is_kept_of_a_changed_place`: every summary of that room whose range contains the position
///   is dropped, whatever its version and maker; all other entries stay.
/// - `one_claims_the_work`: of concurrent claims to a key, one is granted, until it expires or is
///   released.
/// - `a_claim_is_held_on`: renewing a claim restarts its time to live; an expired one cannot be renewed.
#[async_trait]
pub trait Cache: Send + Sync + 'static {
    /// The bytes cached under a key.
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure>;

    /// Caches bytes for a time.
    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure>;

    /// Drops the entry of a key.
    async fn remove(&self, key: &CacheKey) -> Result<(), Failure>;

    /// Drops every summary whose range contains this position of the room, so that the message there
    /// cannot be found in any of them.
    async fn forget_place(&self, room: RoomId, place: Seq) -> Result<(), Failure>;

    /// Claims the right to compute a key's value, so that others wait instead of computing it as well.
    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure>;

    /// Renews a claim for this time from now on. Returns whether it was still held.
    async fn hold_on(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure>;

    /// Releases a claim.
    async fn release(&self, key: &CacheKey) -> Result<(), Failure>;
}
