//! The history of rooms.

use protocol::ErrorCode::Forbidden;
use protocol::schema::Schemas;
use protocol::{rest, shape};
use serde_json::{Value, json};

use super::operation::{Operation, get};

const ROOM: &str = "The id of the room.";

/// The payload of each event in a summary's stream.
fn events_of_a_summary(schemas: &mut Schemas) -> Value {
    json!({
        "type": "string",
        "x-events": {
            "delta": schemas.answer::<shape::SummaryDelta>(),
            "done": schemas.answer::<shape::Summary>(),
            "error": schemas.answer::<shape::SummaryFailure>(),
        },
    })
}

/// Operations that read the past.
#[expect(clippy::too_many_lines, reason = "a list has no parts")]
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/rooms/{id}/messages", "readHistory", "Read the history of a room")
            .says("The newest first, page by page with `cursor`; `after` goes forward, and `around` returns both sides of a seq.")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::HistoryQuery>()
            .of_a_room()
            .shows::<shape::MessagePage>("Part of the history."),
        get("/api/rooms/{id}/events", "readEvents", "Read what changed in a room")
            .says("Everything that changed after a rev, in its current state. With `more`, continue with `since` = `upTo`; with `reset`, discard what you have and start over.")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::EventsQuery>()
            .of_a_room()
            .shows::<shape::Changes>("What changed."),
        get("/api/rooms/{id}/summary", "readSummary", "Read what you missed")
            .says("Covers what you have not read, what was posted since you joined, or what follows a seq; every point refers to its messages. With `Accept: text/event-stream` the response is a stream of the events `delta` (`SummaryDelta`: the next part of the text), `done` (`Summary`: the whole, which replaces the parts) and `error` (`SummaryFailure`). `done` and `error` end the stream, and comment lines keep it alive. If nothing was missed, the list is empty.")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::SummaryQuery>()
            .of_a_room()
            .shows::<shape::Summary>("What you missed.")
            .or_streams(events_of_a_summary),
        get("/api/rooms/{id}/pins", "listPins", "Read the pinned messages")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::PageQuery>()
            .of_a_room()
            .shows::<shape::MessagePage>("A page of them, the latest first."),
        get("/api/messages/{id}/replies", "readReplies", "Read a thread")
            .says("A reply to a reply belongs to the thread of the first one.")
            .signed_in()
            .id_in_path("id", "The id of the message.")
            .asks::<rest::PageQuery>()
            .of_a_room()
            .shows::<shape::MessagePage>("A page of replies, the oldest first."),
        get("/api/messages/room/{room}", "readNumbered", "Read a numbered page of a room")
            .signed_in()
            .id_in_path("room", ROOM)
            .asks::<rest::NumberedQuery>()
            .of_a_room()
            .shows::<shape::NumberedMessages>("The page, the newest first."),
        get(
            "/api/messages/conversation/{one}/{other}",
            "readConversation",
            "Read a numbered page of a direct room",
        )
        .says("You have to be one of the two.")
        .signed_in()
        .id_in_path("one", "The id of one of the two.")
        .id_in_path("other", "The id of the other.")
        .asks::<rest::NumberedQuery>()
        .refuses(&[Forbidden])
        .shows::<shape::NumberedMessages>("The page, the newest first."),
        get("/api/search/messages", "searchMessages", "Search messages")
            .says("Finds messages that contain all words. Deleted messages and replaced texts are not found.")
            .signed_in()
            .asks::<rest::SearchQuery>()
            .of_a_room()
            .shows::<shape::SearchPage>("A page of hits, the newest first."),
    ]
}
