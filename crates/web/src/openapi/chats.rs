//! Conversations, and public rooms by their names.

use protocol::ErrorCode::{Banned, Blocked, Conflict, Muted, NameTaken};
use protocol::{rest, shape};

use super::operation::{Operation, get, post};

const ROOM: &str = "Which room.";

/// What can be done about conversations, and by the names of rooms.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/chat", "listChats", "Read your conversations")
            .says("Direct rooms and private ones, the one with the latest activity first.")
            .signed_in()
            .shows::<Vec<shape::Room>>("All of them, each with `participants` and `lastMessage`."),
        post("/api/chat", "startChat", "Begin a conversation")
            .says("With one other person it is a direct room, of which there is one for the two; with more it is a group, a private room.")
            .signed_in()
            .takes::<rest::CreateChat>()
            .refuses(&[Blocked, NameTaken])
            .makes::<shape::Room>("The room.")
            .shows::<shape::Room>("The direct room that the two have."),
        get("/api/chat/{id}", "readChat", "Read a conversation")
            .says("The same as `GET /api/rooms/{id}`.")
            .signed_in()
            .id_in_path("id", ROOM)
            .refuses(&[Banned])
            .shows::<shape::Room>("The room."),
        get("/api/chat/{id}/messages", "readChatHistory", "Read the history of a conversation")
            .says("The same as `GET /api/rooms/{id}/messages`.")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::HistoryQuery>()
            .of_a_room()
            .shows::<shape::MessagePage>("A stretch of it."),
        post("/chat/room", "createNamedRoom", "Make a public room under a name of its own")
            .signed_in()
            .takes::<rest::NamedRoom>()
            .refuses(&[NameTaken])
            .makes::<shape::Room>("The room."),
        post("/chat/message", "postNamed", "Post in a public room by its name")
            .says("Whoever posts joins. Of several rooms with the name it is the oldest. With a `clientId` it is safe to repeat.")
            .signed_in()
            .takes::<rest::NamedMessage>()
            .of_a_room()
            .refuses(&[Muted, Conflict])
            .makes::<shape::Message>("The message.")
            .shows::<shape::Message>("The message that was posted under this `clientId` before."),
        get("/chat/messages", "readNamed", "Read the history of a public room by its name")
            .says("Whoever reads joins. Of several rooms with the name it is the oldest.")
            .signed_in()
            .asks::<rest::NamedHistoryQuery>()
            .of_a_room()
            .shows::<shape::MessagePage>("A page of it, the newest first."),
    ]
}
