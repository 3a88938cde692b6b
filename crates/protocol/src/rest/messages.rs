//! Messages and read cursors.

use schemars::JsonSchema;
use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};
use uuid::Uuid;
use validator::Validate;

use crate::limits::{ATTACHMENTS_MAX, MESSAGE_MAX, PAGE_DEFAULT, PAGE_MAX, SEARCH_MAX};
use crate::{FieldCode, Fields, Query, Request, Timestamp, schema};

/// The names that clients use for the text of a message.
pub(super) const CONTENT: (&str, &[&str; 2]) = ("content", &["text", "message"]);

/// `POST /api/rooms/{id}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PostMessage {
    /// The text of the message. `text` and `message` are accepted as other names of this field.
    #[validate(length(min = 1, max = MESSAGE_MAX))]
    pub content: String,
    /// An id that the client chooses. Posting again with the same one does not create a second message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    /// The message that it replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Uuid>,
    /// Files that the sender has uploaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = ATTACHMENTS_MAX))]
    #[schemars(with = "Option<Vec<Uuid>>")]
    pub attachments: Vec<Uuid>,
}

impl Request for PostMessage {
    fn read(fields: &mut Fields) -> Self {
        Self {
            content: fields.text(CONTENT).required(),
            client_id: fields.id("clientId").optional(),
            reply_to: fields.id("replyTo").optional(),
            attachments: fields.ids("attachments").or(Vec::new()),
        }
    }
}

/// `PATCH /api/messages/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
pub struct EditMessage {
    /// The new text of the message. `text` and `message` are accepted as other names of this field.
    #[validate(length(min = 1, max = MESSAGE_MAX))]
    pub content: String,
}

impl Request for EditMessage {
    fn read(fields: &mut Fields) -> Self {
        Self {
            content: fields.text(CONTENT).required(),
        }
    }
}

/// Where a cursor moves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorTarget {
    /// To this message.
    Message(Uuid),
    /// To this seq.
    Seq(i64),
}

/// `POST /api/messages/read` and `/delivered`.
#[derive(Clone, Debug, PartialEq, Eq, Validate)]
pub struct MoveCursor {
    /// The room.
    pub room_id: Uuid,
    /// Where to: `messageId` or `seq` on the wire.
    pub to: CursorTarget,
}

impl Request for MoveCursor {
    fn read(fields: &mut Fields) -> Self {
        let room_id = fields.id("roomId").required();
        let message = fields.id("messageId").optional();
        let seq = fields.place("seq").optional();
        let to = match (message, seq) {
            (Some(message), None) => CursorTarget::Message(message),
            (None, Some(seq)) => CursorTarget::Seq(seq),
            (Some(_), Some(seq)) => {
                fields.note("seq", FieldCode::Exclusive, "cannot stand beside messageId");
                CursorTarget::Seq(seq)
            }
            (None, None) => {
                fields.note_none_of(["messageId", "seq"]);
                CursorTarget::Seq(0)
            }
        };
        Self { room_id, to }
    }
}

impl Serialize for MoveCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_struct("MoveCursor", 2)?;
        body.serialize_field("roomId", &self.room_id)?;
        match &self.to {
            CursorTarget::Message(id) => body.serialize_field("messageId", id)?,
            CursorTarget::Seq(seq) => body.serialize_field("seq", seq)?,
        }
        body.end()
    }
}

/// `GET /api/search/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct SearchQuery {
    /// The words to look for.
    #[validate(length(min = 1, max = SEARCH_MAX))]
    pub q: String,
    /// Only in this room.
    pub room_id: Option<Uuid>,
    /// Only from this sender.
    pub from: Option<Uuid>,
    /// Only posted before this moment.
    pub before: Option<Timestamp>,
    /// Only posted at or after this moment.
    pub after: Option<Timestamp>,
    /// Where the previous page ended.
    pub cursor: Option<Uuid>,
    /// The page size.
    #[validate(range(min = 1, max = PAGE_MAX))]
    #[schemars(default = "schema::page_limit")]
    pub limit: i64,
}

impl Query for SearchQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            q: fields.text("q").required(),
            room_id: fields.id("roomId").optional(),
            from: fields.id("from").optional(),
            before: fields.time("before").optional(),
            after: fields.time("after").optional(),
            cursor: fields.id("cursor").optional(),
            limit: fields.whole("limit").or(PAGE_DEFAULT),
        }
    }
}
