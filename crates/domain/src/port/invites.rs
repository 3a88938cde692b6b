//! Links into private rooms.

use async_trait::async_trait;

use crate::{Failure, Invite, InviteCode, RoomId, Timestamp};

/// Keeps invites. Using one goes through [`Rooms::decide`](super::Rooms::decide), under the room's
/// lock, so that an invite for five lets in five.
///
/// # Obligations
/// - `an_invite_is_found_by_its_code`: also when it is over, and not once its room is deleted.
/// - `invites_are_listed_newest_first`: those that are still good, the standing one included.
/// - `a_revoked_invite_is_over`: the second revocation, or one through another room, answers `false`.
/// - `revoking_the_standing_invite_leaves_the_room_without_one`: no rev is spent.
#[async_trait]
pub trait Invites: Send + Sync + 'static {
    /// Keeps a new invite.
    async fn create(&self, invite: &Invite) -> Result<(), Failure>;

    /// The invite with a code.
    async fn find(&self, code: &InviteCode) -> Result<Option<Invite>, Failure>;

    /// The invites of a room that are good at a moment.
    async fn of_room(&self, room: RoomId, now: Timestamp) -> Result<Vec<Invite>, Failure>;

    /// Takes an invite back; answers whether it was good.
    async fn revoke(
        &self,
        room: RoomId,
        code: &InviteCode,
        now: Timestamp,
    ) -> Result<bool, Failure>;
}
