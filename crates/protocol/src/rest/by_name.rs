//! Public rooms addressed by name.

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;
use validator::Validate;

use super::messages::CONTENT;
use crate::limits::{MESSAGE_MAX, PAGE_DEFAULT, PAGE_MAX, ROOM_NAME_MAX};
use crate::{Fields, Query, Request, schema};

/// `POST /chat/room`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
pub struct NamedRoom {
    /// The room's name.
    #[validate(length(min = 1, max = ROOM_NAME_MAX))]
    pub name: String,
}

impl Request for NamedRoom {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name").required(),
        }
    }
}

/// `POST /chat/message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedMessage {
    /// The room's name.
    #[validate(length(min = 1, max = ROOM_NAME_MAX))]
    pub chat_room_name: String,
    /// The text of the message.
    #[validate(length(min = 1, max = MESSAGE_MAX))]
    pub content: String,
    /// An id that the client chooses. Posting again with the same one does not create a second message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
}

impl Request for NamedMessage {
    fn read(fields: &mut Fields) -> Self {
        Self {
            chat_room_name: fields.text("chatRoomName").required(),
            content: fields.text(CONTENT).required(),
            client_id: fields.id("clientId").optional(),
        }
    }
}

/// `GET /chat/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct NamedHistoryQuery {
    /// The room's name.
    #[validate(length(min = 1, max = ROOM_NAME_MAX))]
    pub chat_room_name: String,
    /// Where the previous page ended.
    pub cursor: Option<Uuid>,
    /// The page size.
    #[validate(range(min = 1, max = PAGE_MAX))]
    #[schemars(default = "schema::page_limit")]
    pub limit: i64,
}

impl Query for NamedHistoryQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            chat_room_name: fields.text("chatRoomName").required(),
            cursor: fields.id("cursor").optional(),
            limit: fields.whole("limit").or(PAGE_DEFAULT),
        }
    }
}
