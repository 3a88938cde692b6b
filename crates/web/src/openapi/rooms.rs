//! Rooms, and coming and going.

use protocol::ErrorCode::{Banned, Conflict, InviteExpired, NotFound, OwnerMustHandOver};
use protocol::{rest, shape};

use super::operation::{Operation, delete, get, patch, post, put};

/// What can be done about rooms.
#[expect(
    clippy::too_many_lines,
    reason = "a table, an entry for each operation"
)]
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/rooms", "browseRooms", "Look for rooms")
            .says("Public rooms and your own, without the direct ones.")
            .signed_in()
            .asks::<rest::RoomsQuery>()
            .shows::<shape::RoomPage>("A page of them, the newest first."),
        post("/api/rooms", "createRoom", "Make a room")
            .says("It is yours.")
            .signed_in()
            .takes::<rest::CreateRoom>()
            .makes::<shape::Room>("The room."),
        get("/api/rooms/mine", "listMyRooms", "Read your rooms")
            .says("All kinds, the one with the latest activity first.")
            .signed_in()
            .shows::<shape::Rooms>("All of them, each with `membership` and `lastMessage`."),
        post("/api/rooms/join", "joinAny", "Join by an invite, or a public room")
            .says("Joining again changes nothing.")
            .signed_in()
            .takes::<rest::JoinAny>()
            .refuses(&[NotFound, Banned, Conflict, InviteExpired])
            .shows::<shape::Room>("The room."),
        get("/api/rooms/{id}", "readRoom", "Read a room")
            .says("A public one is shown to everybody.")
            .signed_in()
            .id_in_path("id", "Which room.")
            .refuses(&[Banned])
            .shows::<shape::Room>("The room."),
        patch("/api/rooms/{id}", "editRoom", "Change a room")
            .says("For its admins and owner. What is missing stays.")
            .signed_in()
            .id_in_path("id", "Which room.")
            .takes::<rest::EditRoom>()
            .of_a_room()
            .refuses(&[Conflict])
            .shows::<shape::Room>("The room, as it is now."),
        delete("/api/rooms/{id}", "deleteRoom", "Delete a room")
            .says("For its owner. Everything in it is gone.")
            .signed_in()
            .id_in_path("id", "Which room.")
            .of_a_room()
            .refuses(&[Conflict])
            .done("There is no such room any more."),
        post("/api/rooms/{id}/join", "joinRoom", "Join a room")
            .says("A private one takes an invite. Joining again changes nothing.")
            .signed_in()
            .id_in_path("id", "Which room.")
            .takes::<rest::JoinRoom>()
            .refuses(&[Banned, Conflict, InviteExpired])
            .shows::<shape::Room>("The room."),
        delete("/api/rooms/{id}/leave", "leaveRoom", "Leave a room")
            .says("An owner who is not alone hands the room over first; with the last one, the room goes.")
            .signed_in()
            .id_in_path("id", "Which room.")
            .of_a_room()
            .refuses(&[Conflict, OwnerMustHandOver])
            .done("You are not in it any more."),
        put("/api/rooms/{id}/mute", "muteRoom", "Want no notifications of a room")
            .signed_in()
            .id_in_path("id", "Which room.")
            .takes::<rest::Mute>()
            .of_a_room()
            .done("There will be none."),
        delete("/api/rooms/{id}/mute", "unmuteRoom", "Want notifications of a room again")
            .signed_in()
            .id_in_path("id", "Which room.")
            .of_a_room()
            .done("There will be some."),
    ]
}
