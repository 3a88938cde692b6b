//! Rooms and chats.

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;
use validator::{Validate, ValidationErrors};

use crate::limits::{
    DESCRIPTION_MAX, PAGE_DEFAULT, PAGE_MAX, PARTICIPANTS_MAX, ROOM_NAME_MAX, SEARCH_MAX,
};
use crate::shape::History;
use crate::word::words;
use crate::{Fields, Patch, Query, Request, schema};

/// `POST /api/rooms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateRoom {
    /// The room's name.
    #[validate(length(min = 1, max = ROOM_NAME_MAX))]
    pub name: String,
    /// What the room is for. An empty text counts as none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = DESCRIPTION_MAX))]
    pub description: Option<String>,
    /// Whether joining requires an invite.
    #[schemars(with = "Option<bool>", extend("default" = false))]
    pub is_private: bool,
    /// What members may read from before they joined.
    #[schemars(with = "Option<History>", extend("default" = History::All))]
    pub history: History,
}

impl Request for CreateRoom {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name").required(),
            description: fields.text("description").filled(),
            is_private: fields.flag("isPrivate").or(false),
            history: fields.word("history").or(History::All),
        }
    }
}

/// `PATCH /api/rooms/{id}`. Missing fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditRoom {
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = ROOM_NAME_MAX))]
    #[schemars(transform = schema::never_null)]
    pub name: Option<String>,
    /// The new description. An empty text clears it, as null does.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schemars(default)]
    #[validate(length(max = DESCRIPTION_MAX))]
    pub description: Patch<String>,
    /// Whether joining requires an invite.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(transform = schema::never_null)]
    pub is_private: Option<bool>,
    /// What members who join from now on may read from before they joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(transform = schema::never_null)]
    pub history: Option<History>,
}

impl Request for EditRoom {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name").change(),
            description: fields.text("description").patch().empty_clears(),
            is_private: fields.flag("isPrivate").change(),
            history: fields.word("history").change(),
        }
    }
}

/// `POST /api/rooms/{id}/join`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JoinRoom {
    /// The code of an invite, required for a private room. A malformed code is treated as an unknown one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite_code: Option<String>,
}

impl Request for JoinRoom {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            invite_code: fields.text("inviteCode").filled(),
        }
    }
}

/// `POST /api/rooms/join`. A code implies its room, so it takes precedence if both are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum JoinAny {
    /// The room that the invite is for.
    InviteCode(String),
    /// This room.
    RoomId(Uuid),
}

impl Request for JoinAny {
    fn read(fields: &mut Fields) -> Self {
        let code = fields.text("inviteCode").filled();
        let room = fields.id("roomId").optional();
        match (code, room) {
            (Some(code), _) => Self::InviteCode(code),
            (None, Some(room)) => Self::RoomId(room),
            (None, None) => {
                fields.note_none_of(["inviteCode", "roomId"]);
                Self::InviteCode(String::new())
            }
        }
    }
}

impl Validate for JoinAny {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

/// `GET /api/rooms`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
pub struct RoomsQuery {
    /// A part of the room's name.
    #[validate(length(max = SEARCH_MAX))]
    pub q: Option<String>,
    /// Where the previous page ended.
    pub cursor: Option<Uuid>,
    /// The page size.
    #[validate(range(min = 1, max = PAGE_MAX))]
    #[schemars(default = "schema::page_limit")]
    pub limit: i64,
}

impl Query for RoomsQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            q: fields.text("q").filled(),
            cursor: fields.id("cursor").optional(),
            limit: fields.whole("limit").or(PAGE_DEFAULT),
        }
    }
}

words! {
    /// The kind of chat to open.
    pub enum ChatKind {
        /// With one other user.
        Private = "private",
        /// With any number of users.
        Group = "group",
    }
}

/// `POST /api/chat`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateChat {
    /// The other participants.
    #[validate(length(min = 1, max = PARTICIPANTS_MAX))]
    pub participant_ids: Vec<Uuid>,
    /// The name of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = ROOM_NAME_MAX))]
    pub name: Option<String>,
    /// The kind of chat; by default it follows from the number of participants.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ChatKind>,
}

impl Request for CreateChat {
    fn read(fields: &mut Fields) -> Self {
        Self {
            participant_ids: fields.ids("participantIds").required(),
            name: fields.text("name").filled(),
            kind: fields.word("type").optional(),
        }
    }
}
