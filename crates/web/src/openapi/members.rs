//! Who is in a room, who is shut out of it, and invites.

use protocol::ErrorCode::{Conflict, InviteExpired, NotFound};
use protocol::{rest, shape};

use super::operation::{Operation, Piece, delete, get, patch, post};

const ROOM: &str = "Which room.";
const WHO: &str = "Who.";
const CODE: &str = "The secret in the invite.";

/// What can be done about members.
#[expect(
    clippy::too_many_lines,
    reason = "a table, an entry for each operation"
)]
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/rooms/{id}/users", "listMembers", "Read who is in a room")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::MembersQuery>()
            .of_a_room()
            .shows::<shape::MemberPage>("A page of them."),
        patch("/api/rooms/{id}/users/{user}", "changeMember", "Change a member")
            .says("The owner gives roles; a new owner makes an admin of the old one. Admins mute members.")
            .signed_in()
            .id_in_path("id", ROOM)
            .id_in_path("user", WHO)
            .takes::<rest::EditMember>()
            .of_a_room()
            .refuses(&[Conflict])
            .shows::<shape::Member>("The member, as they are now."),
        delete("/api/rooms/{id}/users/{user}", "removeMember", "Remove a member")
            .says("With `ban=true` they cannot come back.")
            .signed_in()
            .id_in_path("id", ROOM)
            .id_in_path("user", WHO)
            .asks::<rest::RemoveQuery>()
            .of_a_room()
            .refuses(&[Conflict])
            .done("They are out."),
        get("/api/rooms/{id}/bans", "listBans", "Read who is shut out")
            .says("For admins and the owner.")
            .signed_in()
            .id_in_path("id", ROOM)
            .of_a_room()
            .refuses(&[Conflict])
            .shows::<shape::Bans>("All of them, the latest first."),
        delete("/api/rooms/{id}/bans/{user}", "liftBan", "Shut somebody out no more")
            .says("For admins and the owner. It does not make them a member.")
            .signed_in()
            .id_in_path("id", ROOM)
            .id_in_path("user", WHO)
            .of_a_room()
            .refuses(&[Conflict])
            .done("They may come back."),
        get("/api/rooms/{id}/invites", "listInvites", "Read the invites")
            .says("For admins and the owner.")
            .signed_in()
            .id_in_path("id", ROOM)
            .of_a_room()
            .refuses(&[Conflict])
            .shows::<shape::Invites>("Those that are good now, the newest first."),
        post("/api/rooms/{id}/invites", "createInvite", "Make an invite")
            .says("For admins and the owner.")
            .signed_in()
            .id_in_path("id", ROOM)
            .takes::<rest::CreateInvite>()
            .of_a_room()
            .refuses(&[Conflict])
            .makes::<shape::Invite>("The invite."),
        delete("/api/rooms/{id}/invites/{code}", "revokeInvite", "Take an invite back")
            .says("For admins and the owner.")
            .signed_in()
            .id_in_path("id", ROOM)
            .in_path("code", CODE, Piece::Code)
            .of_a_room()
            .refuses(&[Conflict])
            .done("It opens nothing any more."),
        get("/api/invites/{code}", "previewInvite", "See where an invite leads")
            .says("Without signing in: the code is all the proof it takes.")
            .in_path("code", CODE, Piece::Code)
            .refuses(&[NotFound, InviteExpired])
            .shows::<shape::InvitePreview>("Where it leads, and who made it."),
    ]
}
