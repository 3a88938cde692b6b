//! Rooms, joining and leaving.

use protocol::ErrorCode::{Banned, Conflict, InviteExpired, NotFound, OwnerMustHandOver};
use protocol::{rest, shape};

use super::operation::{Operation, delete, get, patch, post, put};

/// Operations on rooms.
#[expect(
    clippy::too_many_lines,
    reason = "a table, an entry for each operation"
)]
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/rooms", "browseRooms", "Browse rooms")
            .says("Public rooms and your own, except direct ones.")
            .signed_in()
            .asks::<rest::RoomsQuery>()
            .shows::<shape::RoomPage>("A page of them, the newest first."),
        post("/api/rooms", "createRoom", "Create a room")
            .says("You become its owner.")
            .signed_in()
            .takes::<rest::CreateRoom>()
            .makes::<shape::Room>("The room."),
        get("/api/rooms/mine", "listMyRooms", "List your rooms")
            .says("All kinds, the one with the latest activity first.")
            .signed_in()
            .shows::<shape::Rooms>("All of them, each with `membership` and `lastMessage`."),
        post("/api/rooms/join", "joinAny", "Join a room by invite or id")
            .says("Joining again has no effect.")
            .signed_in()
            .takes::<rest::JoinAny>()
            .refuses(&[NotFound, Banned, Conflict, InviteExpired])
            .shows::<shape::Room>("The room."),
        get("/api/rooms/{id}", "readRoom", "Read a room")
            .says("Public rooms are readable by everybody.")
            .signed_in()
            .id_in_path("id", "The id of the room.")
            .refuses(&[Banned])
            .shows::<shape::Room>("The room."),
        patch("/api/rooms/{id}", "editRoom", "Change a room")
            .says("For its admins and owner. Omitted fields stay.")
            .signed_in()
            .id_in_path("id", "The id of the room.")
            .takes::<rest::EditRoom>()
            .of_a_room()
            .refuses(&[Conflict])
            .shows::<shape::Room>("The room, as it is now."),
        delete("/api/rooms/{id}", "deleteRoom", "Delete a room")
            .says("For its owner. Deletes everything in it.")
            .signed_in()
            .id_in_path("id", "The id of the room.")
            .of_a_room()
            .refuses(&[Conflict])
            .done("The room has been deleted."),
        post("/api/rooms/{id}/join", "joinRoom", "Join a room")
            .says("A private room requires an invite. Joining again has no effect.")
            .signed_in()
            .id_in_path("id", "The id of the room.")
            .takes::<rest::JoinRoom>()
            .refuses(&[Banned, Conflict, InviteExpired])
            .shows::<shape::Room>("The room."),
        delete("/api/rooms/{id}/leave", "leaveRoom", "Leave a room")
            .says("An owner has to hand the room over before leaving, unless alone; when the last member leaves, the room is deleted.")
            .signed_in()
            .id_in_path("id", "The id of the room.")
            .of_a_room()
            .refuses(&[Conflict, OwnerMustHandOver])
            .done("You have left."),
        put("/api/rooms/{id}/mute", "muteRoom", "Mute the notifications of a room")
            .signed_in()
            .id_in_path("id", "The id of the room.")
            .takes::<rest::Mute>()
            .of_a_room()
            .done("Notifications are off."),
        delete("/api/rooms/{id}/mute", "unmuteRoom", "Unmute the notifications of a room")
            .signed_in()
            .id_in_path("id", "The id of the room.")
            .of_a_room()
            .done("Notifications are on."),
    ]
}
