//! Invites to private rooms.

use async_trait::async_trait;

use crate::{Failure, Invite, InviteCode, RoomId, Timestamp};

/// Stores invites. Using one goes through [`Rooms::decide`](super::Rooms::decide), under the room's
/// lock, so that an invite for five admits exactly five.
///
/// # Obligations
/// - `an_invite_is_found_by_its_code`: even if it is no longer valid, but not after its room is deleted.
/// - `invites_are_listed_newest_first`: those that are still valid, including the standing one.
/// - `a_revoked_invite_is_over`: revoking it again, or by way of another room, returns `false`.
/// - `revoking_the_standing_invite_leaves_the_room_without_one`: and uses no rev.
#[async_trait]
pub trait Invites: Send + Sync + 'static {
    /// Stores a new invite.
    async fn create(&self, invite: &Invite) -> Result<(), Failure>;

    /// The invite with a code.
    async fn find(&self, code: &InviteCode) -> Result<Option<Invite>, Failure>;

    /// The invites of a room that are valid at a given moment.
    async fn of_room(&self, room: RoomId, now: Timestamp) -> Result<Vec<Invite>, Failure>;

    /// Revokes an invite; returns whether it was valid.
    async fn revoke(
        &self,
        room: RoomId,
        code: &InviteCode,
        now: Timestamp,
    ) -> Result<bool, Failure>;
}
