//! Conversations, and public rooms by name.

use protocol::ErrorCode::{Banned, Blocked, Conflict, Muted, NameTaken};
use protocol::{rest, shape};

use super::operation::{Operation, get, post};

const ROOM: &str = "The id of the room.";

/// Operations on conversations, and on rooms by name.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/chat", "listChats", "Read your conversations")
            .says("Direct rooms and private ones, the one with the latest activity first.")
            .signed_in()
            .shows::<Vec<shape::Room>>("All of them, each with `participants` and `lastMessage`."),
        post("/api/chat", "startChat", "Start a conversation")
            .says("With one other person it is a direct room, of which each pair has only one; with more it is a group, which is a private room.")
            .signed_in()
            .takes::<rest::CreateChat>()
            .refuses(&[Blocked, NameTaken])
            .makes::<shape::Room>("The room.")
            .shows::<shape::Room>("The existing direct room of the two."),
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
            .shows::<shape::MessagePage>("Part of the history."),
        post("/chat/room", "createNamedRoom", "Create a public room with a unique name")
            .signed_in()
            .takes::<rest::NamedRoom>()
            .refuses(&[NameTaken])
            .makes::<shape::Room>("The room."),
        post("/chat/message", "postNamed", "Post in a public room by name")
            .says("Posting joins the room. Of several rooms with the name, the oldest is used. With a `clientId` it is safe to repeat.")
            .signed_in()
            .takes::<rest::NamedMessage>()
            .of_a_room()
            .refuses(&[Muted, Conflict])
            .makes::<shape::Message>("The message.")
            .shows::<shape::Message>("The message that was posted under this `clientId` before."),
        get("/chat/messages", "readNamed", "Read the history of a public room by name")
            .says("Reading joins the room. Of several rooms with the name, the oldest is used.")
            .signed_in()
            .asks::<rest::NamedHistoryQuery>()
            .of_a_room()
            .shows::<shape::MessagePage>("A page of it, the newest first."),
    ]
}
