//! What was worked out before.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Failure, Rev, RoomId, Seq, SessionId, UserId};

/// Names something that was worked out. A key says which version of its source it belongs to, so a
/// stale entry cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CacheKey {
    /// That a member was notified of a room in one way, of something that is for them or of anything, since
    /// they had read up to there.
    Notified {
        /// Which room.
        room: RoomId,
        /// Whom.
        user: UserId,
        /// On which device, or else by what the operator has.
        device: Option<SessionId>,
        /// How far they had read.
        read: Seq,
        /// Whether it was for them.
        personal: bool,
    },
    /// That a session is live.
    Session(SessionId),
    /// The newest page of a room at a rev.
    NewestPage(RoomId, Rev),
    /// The summary of a stretch of a room.
    Summary {
        /// Which room.
        room: RoomId,
        /// From which seq.
        from: Seq,
        /// To which seq.
        to: Seq,
        /// The last rev of anything in the stretch.
        rev: Rev,
        /// Which model, prompt and style made it.
        maker: String,
    },
}

/// Keeps bytes for a while. Losing all of it costs time, nothing else.
///
/// # Obligations
/// - `what_was_put_is_got_for_a_while`: until its time is over.
/// - `an_unknown_key_is_absent`: as is a removed one.
/// - `putting_replaces`.
/// - `every_part_of_a_key_counts`: another room, rev, stretch or maker is another entry.
/// - `nothing_is_kept_of_a_changed_place`: no summary of that room over that place, whatever its version
///   and maker; everything else stays.
/// - `one_claims_the_work`: of many claims of a key at once one is granted, until it lapses or is
///   released.
/// - `a_claim_is_held_on`: whoever renews theirs has it for as long from then on; one that has lapsed is
///   nobody's to renew.
#[async_trait]
pub trait Cache: Send + Sync + 'static {
    /// What is kept under a key.
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure>;

    /// Keeps bytes for a time.
    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure>;

    /// Keeps nothing under a key any more.
    async fn remove(&self, key: &CacheKey) -> Result<(), Failure>;

    /// Keeps no summary any more that a place of a room is part of: what was said there is not to be
    /// found in anything.
    async fn forget_place(&self, room: RoomId, place: Seq) -> Result<(), Failure>;

    /// Claims to be the one who works a key out, so that others wait instead of doing it too.
    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure>;

    /// Holds on to a claim for this time from now on. Answers whether there was one to hold on to.
    async fn hold_on(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure>;

    /// Gives up a claim.
    async fn release(&self, key: &CacheKey) -> Result<(), Failure>;
}
