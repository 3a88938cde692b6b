//! Stretches of what was said.

use protocol::ErrorCode::Forbidden;
use protocol::schema::Schemas;
use protocol::{rest, shape};
use serde_json::{Value, json};

use super::operation::{Operation, get};

const ROOM: &str = "Which room.";

/// What each event of a summary's stream carries.
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

/// What can be read of the past.
#[expect(clippy::too_many_lines, reason = "a list has no parts")]
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/rooms/{id}/messages", "readHistory", "Read the history of a room")
            .says("The newest first, page after page with `cursor`; `after` goes forward, and `around` shows both sides of a place.")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::HistoryQuery>()
            .of_a_room()
            .shows::<shape::MessagePage>("A stretch of it."),
        get("/api/rooms/{id}/events", "readEvents", "Read what changed in a room")
            .says("Everything that changed after a rev, in its present state. With `more`, go on with `since` = `upTo`; with `reset`, forget what you know and begin anew.")
            .signed_in()
            .id_in_path("id", ROOM)
            .asks::<rest::EventsQuery>()
            .of_a_room()
            .shows::<shape::Changes>("What changed."),
        get("/api/rooms/{id}/summary", "readSummary", "Read what you missed")
            .says("Told from what you have not read, since you joined, or after a seq; every point says where it was said. With `Accept: text/event-stream` the answer is a stream of the events `delta` (`SummaryDelta`: more of the text), `done` (`Summary`: all of it, which counts instead of the pieces) and `error` (`SummaryFailure`); nothing comes after `done` and `error`, and a line with a colon shows that the stream is alive. Nothing to tell is an empty list.")
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
            .id_in_path("id", "Which message.")
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
        .says("You are one of the two.")
        .signed_in()
        .id_in_path("one", "One of the two.")
        .id_in_path("other", "The other one.")
        .asks::<rest::NumberedQuery>()
        .refuses(&[Forbidden])
        .shows::<shape::NumberedMessages>("The page, the newest first."),
        get("/api/search/messages", "searchMessages", "Look for messages")
            .says("All words have to be there. What was deleted, or edited away, is not found.")
            .signed_in()
            .asks::<rest::SearchQuery>()
            .of_a_room()
            .shows::<shape::SearchPage>("A page of hits, the newest first."),
    ]
}
