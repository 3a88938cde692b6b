//! Lists, and pages of lists.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Member, Message, Room, SearchHit, User};

/// A page of messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessagePage {
    /// The messages on this page.
    pub messages: Vec<Message>,
    /// The cursor of the next page; null on the last one.
    pub next_cursor: Option<Uuid>,
}

/// A numbered page of messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NumberedMessages {
    /// The messages on this page.
    pub messages: Vec<Message>,
    /// How many pages there are.
    pub total_pages: i64,
    /// The number of this page, from 1.
    pub current_page: i64,
    /// How many messages there are in total.
    pub total: i64,
}

/// A page of rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoomPage {
    /// The rooms on this page.
    pub rooms: Vec<Room>,
    /// The cursor of the next page; null on the last one.
    pub next_cursor: Option<Uuid>,
}

/// A complete list of rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rooms {
    /// The rooms.
    pub rooms: Vec<Room>,
}

/// A page of users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserPage {
    /// The users on this page.
    pub users: Vec<User>,
    /// The cursor of the next page; null on the last one.
    pub next_cursor: Option<Uuid>,
}

/// A complete list of users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Users {
    /// The users.
    pub users: Vec<User>,
}

/// A page of a room's members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberPage {
    /// The members on this page.
    pub users: Vec<Member>,
    /// The cursor of the next page; null on the last one.
    pub next_cursor: Option<Uuid>,
}

/// A page of search results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchPage {
    /// The results on this page.
    pub hits: Vec<SearchHit>,
    /// The cursor of the next page; null on the last one.
    pub next_cursor: Option<Uuid>,
}

/// The things in a room that changed, in their present state, each list by rev.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The epoch of the revs: the store's incarnation.
    pub epoch: String,
    /// The messages that changed.
    pub messages: Vec<Message>,
    /// The memberships that changed.
    pub members: Vec<Member>,
    /// The room, if its own properties changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
    /// All changes up to this rev are included.
    pub up_to: i64,
    /// Whether there are more changes after that.
    pub more: bool,
    /// Whether the client's revs are from another epoch: it must discard them and start over.
    pub reset: bool,
}
