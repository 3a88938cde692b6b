//! Members, bans and invites of rooms.

use protocol::ErrorCode::{Conflict, InviteExpired, NotFound};
use protocol::{rest, shape};

use super::operation::{Operation, Piece, delete, get, patch, post};

const ROOM: &str = "The id of the room.";
const WHO: &str = "The id of the user.";
const CODE: &str = "The secret in the invite.";

/// Operations on members.
#[expect(
    clippy::too_many_lines,
    reason = "a table, an entry for each operation"
)]
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/rooms/{id}/users", "listMembers", "List the members of a room")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::MembersQuery>()
            .of_a_room()
            .shows::<shape::MemberPage>("A page of them."),
        patch("/api/rooms/{id}/users/{user}", "changeMember", "Change a member")
            .says("The owner assigns roles; transferring ownership makes the previous owner an admin. Admins mute members.")
            .signed_in()
            .id_in_path("id", ROOM)
            .id_in_path("user", WHO)
            .takes::<rest::EditMember>()
            .of_a_room()
            .refuses(&[Conflict])
            .shows::<shape::Member>("The member, as they are now."),
        delete("/api/rooms/{id}/users/{user}", "removeMember", "Remove a member")
            .says("With `ban=true` they cannot rejoin.")
            .signed_in()
            .id_in_path("id", ROOM)
            .id_in_path("user", WHO)
            .asks::<rest::RemoveQuery>()
            .of_a_room()
            .refuses(&[Conflict])
            .done("They have been removed."),
        get("/api/rooms/{id}/bans", "listBans", "List the bans of a room")
            .says("For admins and the owner.")
            .signed_in()
            .id_in_path("id", ROOM)
            .of_a_room()
            .refuses(&[Conflict])
            .shows::<shape::Bans>("All of them, the latest first."),
        delete("/api/rooms/{id}/bans/{user}", "liftBan", "Lift a ban")
            .says("For admins and the owner. The person does not become a member by this.")
            .signed_in()
            .id_in_path("id", ROOM)
            .id_in_path("user", WHO)
            .of_a_room()
            .refuses(&[Conflict])
            .done("They may rejoin."),
        get("/api/rooms/{id}/invites", "listInvites", "List the invites of a room")
            .says("For admins and the owner.")
            .signed_in()
            .id_in_path("id", ROOM)
            .of_a_room()
            .refuses(&[Conflict])
            .shows::<shape::Invites>("The valid invites, the newest first."),
        post("/api/rooms/{id}/invites", "createInvite", "Create an invite")
            .says("For admins and the owner.")
            .signed_in()
            .id_in_path("id", ROOM)
            .takes::<rest::CreateInvite>()
            .of_a_room()
            .refuses(&[Conflict])
            .makes::<shape::Invite>("The invite."),
        delete("/api/rooms/{id}/invites/{code}", "revokeInvite", "Revoke an invite")
            .says("For admins and the owner.")
            .signed_in()
            .id_in_path("id", ROOM)
            .in_path("code", CODE, Piece::Code)
            .of_a_room()
            .refuses(&[Conflict])
            .done("The invite is no longer valid."),
        get("/api/invites/{code}", "previewInvite", "Preview an invite")
            .says("No authentication is needed besides the code.")
            .in_path("code", CODE, Piece::Code)
            .refuses(&[NotFound, InviteExpired])
            .shows::<shape::InvitePreview>("Where it leads, and who made it."),
    ]
}
