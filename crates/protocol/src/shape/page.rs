//! Lists, and stretches of lists.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Member, Message, Room, SearchHit, User};

/// A stretch of messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessagePage {
    /// The stretch.
    pub messages: Vec<Message>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<Uuid>,
}

/// A page of messages that has a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NumberedMessages {
    /// What is on it.
    pub messages: Vec<Message>,
    /// How many pages there are.
    pub total_pages: i64,
    /// Its number, from 1.
    pub current_page: i64,
    /// How many messages there are in all.
    pub total: i64,
}

/// A stretch of rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoomPage {
    /// The stretch.
    pub rooms: Vec<Room>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<Uuid>,
}

/// All rooms that were asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rooms {
    /// The rooms.
    pub rooms: Vec<Room>,
}

/// A stretch of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserPage {
    /// The stretch.
    pub users: Vec<User>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<Uuid>,
}

/// All people who were asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Users {
    /// The people.
    pub users: Vec<User>,
}

/// A stretch of a room's members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberPage {
    /// The stretch.
    pub users: Vec<Member>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<Uuid>,
}

/// A stretch of what a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchPage {
    /// The stretch.
    pub hits: Vec<SearchHit>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<Uuid>,
}

/// What changed in a room, in its present state, each list by rev.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The incarnation of the store that the revs are of.
    pub epoch: String,
    /// The messages that changed.
    pub messages: Vec<Message>,
    /// The memberships that changed.
    pub members: Vec<Member>,
    /// The room, if it changed itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
    /// Everything up to this rev is told.
    pub up_to: i64,
    /// Whether more changed after that.
    pub more: bool,
    /// The client's revs are of another time: forget them and begin anew.
    pub reset: bool,
}
