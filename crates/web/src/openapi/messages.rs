//! Single messages, and read and delivery cursors.

use protocol::ErrorCode::{Blocked, Conflict, Invalid, MessageDeleted, Muted, TooMany};
use protocol::{rest, shape};

use super::operation::{Operation, Piece, delete, get, patch, post, put};

const ROOM: &str = "The id of the room.";
const MESSAGE: &str = "The id of the message.";

/// Operations on messages.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post_message(),
        get("/api/messages/{id}", "readMessage", "Read a message")
            .signed_in()
            .id_in_path("id", MESSAGE)
            .of_a_room()
            .shows::<shape::Message>("The message."),
        patch("/api/messages/{id}", "editMessage", "Edit a message")
            .says("For its author.")
            .signed_in()
            .id_in_path("id", MESSAGE)
            .takes::<rest::EditMessage>()
            .of_a_room()
            .refuses(&[Blocked, MessageDeleted])
            .shows::<shape::Message>("The message, as it is now."),
        delete("/api/messages/{id}", "deleteMessage", "Delete a message")
            .says("For its author, and admins and the owner of the room. Repeating it returns the same tombstone.")
            .signed_in()
            .id_in_path("id", MESSAGE)
            .of_a_room()
            .shows::<shape::Message>("Its tombstone."),
        get("/api/messages/{id}/receipts", "readReceipts", "Read the receipts of a message")
            .signed_in()
            .id_in_path("id", MESSAGE)
            .of_a_room()
            .shows::<shape::Receipts>("Those who have received or read it, without the sender."),
        reaction(put("/api/messages/{id}/reactions/{emoji}", "react", "React to a message"))
            .refuses(&[TooMany]),
        reaction(delete("/api/messages/{id}/reactions/{emoji}", "takeBack", "Remove a reaction")),
        pin(put("/api/messages/{id}/pin", "pin", "Pin a message")),
        pin(delete("/api/messages/{id}/pin", "unpin", "Unpin a message")),
        cursor(post("/api/messages/read", "markRead", "Move your read cursor")),
        cursor(post("/api/messages/delivered", "markDelivered", "Move your delivery cursor")),
        put("/api/messages/read/{room}", "markAllRead", "Mark a room as read")
            .signed_in()
            .id_in_path("room", ROOM)
            .of_a_room()
            .refuses(&[Muted, Invalid])
            .shows::<shape::Cursors>("Your cursors."),
    ]
}

fn post_message() -> Operation {
    post("/api/rooms/{id}/messages", "postMessage", "Post a message")
        .says("With a `clientId` it is safe to repeat: the message is stored once per `clientId`. A repeat returns the message as it is now, and does not count towards the limit.")
        .signed_in()
        .id_in_path("id", ROOM)
        .takes::<rest::PostMessage>()
        .of_a_room()
        .refuses(&[Muted, Blocked, Conflict, MessageDeleted])
        .makes::<shape::Message>("The message.")
        .shows::<shape::Message>("The message that was posted under this `clientId` before.")
}

fn reaction(operation: Operation) -> Operation {
    operation
        .signed_in()
        .id_in_path("id", MESSAGE)
        .in_path("emoji", "One emoji, percent-encoded.", Piece::Emoji)
        .of_a_room()
        .refuses(&[Muted, Blocked, Invalid, MessageDeleted])
        .shows::<shape::Message>("The message, as it is now.")
}

fn pin(operation: Operation) -> Operation {
    operation
        .says("For admins and the owner, and either of the two in a direct room.")
        .signed_in()
        .id_in_path("id", MESSAGE)
        .of_a_room()
        .refuses(&[Blocked, MessageDeleted])
        .shows::<shape::Message>("The message, as it is now.")
}

fn cursor(operation: Operation) -> Operation {
    operation
        .says("Cursors only move forward, and what was read counts as delivered.")
        .signed_in()
        .takes::<rest::MoveCursor>()
        .of_a_room()
        .refuses(&[Muted])
        .shows::<shape::Cursors>("Your cursors.")
}
