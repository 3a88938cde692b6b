//! Rooms.

use domain::{Description, InviteCode, Pair, RoomId, RoomName, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::unreadable::{Unreadable, parsed_if_any, rev, seq};

#[derive(Serialize, Deserialize)]
pub(crate) struct Room {
    id: Uuid,
    kind: RoomKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<Uuid>,
    history: History,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standing_invite: Option<String>,
    member_count: i64,
    created_at: i64,
    updated_at: i64,
    active_at: i64,
    rev: i64,
    last_seq: i64,
    last_rev: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoomKind {
    Public,
    Private,
    Direct(Uuid, Uuid),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum History {
    All,
    Joined,
}

impl From<&domain::Room> for Room {
    fn from(room: &domain::Room) -> Self {
        Self {
            id: room.id.as_uuid(),
            kind: match room.kind {
                domain::RoomKind::Public => RoomKind::Public,
                domain::RoomKind::Private => RoomKind::Private,
                domain::RoomKind::Direct(pair) => {
                    RoomKind::Direct(pair.low().as_uuid(), pair.high().as_uuid())
                }
            },
            name: room.name.as_ref().map(|name| name.as_str().to_owned()),
            description: room
                .description
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            owner: room.owner.map(UserId::as_uuid),
            history: match room.history {
                domain::History::All => History::All,
                domain::History::Joined => History::Joined,
            },
            standing_invite: room
                .standing_invite
                .as_ref()
                .map(|code| code.as_str().to_owned()),
            member_count: room.member_count,
            created_at: room.created_at.as_millis(),
            updated_at: room.updated_at.as_millis(),
            active_at: room.active_at.as_millis(),
            rev: room.rev.get(),
            last_seq: room.last_seq.get(),
            last_rev: room.last_rev.get(),
        }
    }
}

impl TryFrom<Room> for domain::Room {
    type Error = Unreadable;

    fn try_from(room: Room) -> Result<Self, Unreadable> {
        let (name, description, invite) = (room.name, room.description, room.standing_invite);
        Ok(Self {
            id: RoomId::from_uuid(room.id),
            kind: room.kind.try_into()?,
            name: parsed_if_any("a room's name", name, RoomName::parse)?,
            description: parsed_if_any("a description", description, Description::parse)?,
            owner: room.owner.map(UserId::from_uuid),
            history: match room.history {
                History::All => domain::History::All,
                History::Joined => domain::History::Joined,
            },
            standing_invite: parsed_if_any("an invite", invite, InviteCode::parse)?,
            member_count: room.member_count,
            created_at: Timestamp::from_millis(room.created_at),
            updated_at: Timestamp::from_millis(room.updated_at),
            active_at: Timestamp::from_millis(room.active_at),
            rev: rev(room.rev)?,
            last_seq: seq(room.last_seq)?,
            last_rev: rev(room.last_rev)?,
        })
    }
}

impl TryFrom<RoomKind> for domain::RoomKind {
    type Error = Unreadable;

    fn try_from(kind: RoomKind) -> Result<Self, Unreadable> {
        match kind {
            RoomKind::Public => Ok(Self::Public),
            RoomKind::Private => Ok(Self::Private),
            RoomKind::Direct(one, other) => {
                let pair = Pair::of(UserId::from_uuid(one), UserId::from_uuid(other));
                pair.map(Self::Direct)
                    .ok_or_else(|| Unreadable::new("a pair", "nobody is a pair with themselves"))
            }
        }
    }
}
