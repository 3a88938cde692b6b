//! Durable changes of a room.

use domain::port::bus;
use domain::{Emoji, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::membership::Membership;
use super::message::Message;
use super::notice::MemberChange;
use super::room::Room;
use super::unreadable::{Unreadable, parsed};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoomChange {
    Message(Box<Message>, MessageChange),
    Member(Membership, MemberChange),
    Room(Box<Room>),
    RoomDeleted(Box<Room>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageChange {
    Created,
    Updated,
    Reacted { user: Uuid, emoji: String, on: bool },
    Deleted,
}

impl From<&bus::RoomChange> for RoomChange {
    fn from(change: &bus::RoomChange) -> Self {
        match change {
            bus::RoomChange::Message(message, change) => {
                Self::Message(Box::new((&**message).into()), change.into())
            }
            bus::RoomChange::Member(member, change) => {
                Self::Member(member.into(), (*change).into())
            }
            bus::RoomChange::Room(room) => Self::Room(Box::new((&**room).into())),
            bus::RoomChange::RoomDeleted(room) => Self::RoomDeleted(Box::new((&**room).into())),
        }
    }
}

impl TryFrom<RoomChange> for bus::RoomChange {
    type Error = Unreadable;

    fn try_from(change: RoomChange) -> Result<Self, Unreadable> {
        Ok(match change {
            RoomChange::Message(message, change) => {
                Self::Message(Box::new((*message).try_into()?), change.try_into()?)
            }
            RoomChange::Member(member, change) => Self::Member(member.try_into()?, change.into()),
            RoomChange::Room(room) => Self::Room(Box::new((*room).try_into()?)),
            RoomChange::RoomDeleted(room) => Self::RoomDeleted(Box::new((*room).try_into()?)),
        })
    }
}

impl From<&bus::MessageChange> for MessageChange {
    fn from(change: &bus::MessageChange) -> Self {
        match change {
            bus::MessageChange::Created => Self::Created,
            bus::MessageChange::Updated => Self::Updated,
            bus::MessageChange::Reacted { user, emoji, on } => Self::Reacted {
                user: user.as_uuid(),
                emoji: emoji.as_str().to_owned(),
                on: *on,
            },
            bus::MessageChange::Deleted => Self::Deleted,
        }
    }
}

impl TryFrom<MessageChange> for bus::MessageChange {
    type Error = Unreadable;

    fn try_from(change: MessageChange) -> Result<Self, Unreadable> {
        Ok(match change {
            MessageChange::Created => Self::Created,
            MessageChange::Updated => Self::Updated,
            MessageChange::Reacted { user, emoji, on } => Self::Reacted {
                user: UserId::from_uuid(user),
                emoji: parsed("an emoji", Emoji::parse(emoji))?,
                on,
            },
            MessageChange::Deleted => Self::Deleted,
        })
    }
}
