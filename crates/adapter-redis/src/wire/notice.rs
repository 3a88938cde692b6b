//! Notices and what they carry.

use domain::port::bus;
use domain::{MessageId, RoomId, SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::change::RoomChange;
use super::media::Media;
use super::membership::Cursors;
use super::unreadable::{Unreadable, moment};

/// The limit on rooms in a letter, far below what would make it too long.
pub(crate) const MOST_ROOMS: usize = 4_000;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Notice {
    Changed {
        room: Uuid,
        changes: Vec<RoomChange>,
    },
    Receipt {
        room: Uuid,
        user: Uuid,
        cursors: Cursors,
    },
    Typing {
        room: Uuid,
        user: Uuid,
        on: bool,
    },
    Visit {
        room: Uuid,
        user: Uuid,
        on: bool,
    },
    Presence {
        user: Uuid,
        last_seen: Option<i64>,
        online: bool,
        #[serde(default)]
        rooms: Vec<Uuid>,
    },
    AccessChanged {
        room: Uuid,
        user: Uuid,
        removed: Option<Removal>,
        #[serde(default)]
        added: bool,
    },
    Notification {
        user: Uuid,
        room: Uuid,
        message: Uuid,
        kind: NotificationKind,
    },
    Media(Box<Media>),
    SessionsEnded(Vec<Uuid>),
}

/// Field-less enums, variant by variant.
macro_rules! mirrored {
    ($($name:ident { $($variant:ident),+ })*) => {$(
        #[derive(Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($variant),+ }

        impl From<bus::$name> for $name {
            fn from(it: bus::$name) -> Self {
                match it { $(bus::$name::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for bus::$name {
            fn from(it: $name) -> Self {
                match it { $($name::$variant => Self::$variant),+ }
            }
        }
    )*};
}

mirrored! {
    MemberChange { Joined, Left, Kicked, Banned, Role }
    Removal { Left, Kicked, Banned, Deleted }
    NotificationKind { Mention, Direct, Reply }
}

impl From<&bus::Notice> for Notice {
    #[expect(clippy::too_many_lines, reason = "one arm a notice, and nothing more")]
    fn from(notice: &bus::Notice) -> Self {
        match notice {
            bus::Notice::Changed { room, changes } => Self::Changed {
                room: room.as_uuid(),
                changes: changes.iter().map(RoomChange::from).collect(),
            },
            bus::Notice::Receipt {
                room,
                user,
                cursors,
            } => Self::Receipt {
                room: room.as_uuid(),
                user: user.as_uuid(),
                cursors: (*cursors).into(),
            },
            bus::Notice::Typing { room, user, on } => Self::Typing {
                room: room.as_uuid(),
                user: user.as_uuid(),
                on: *on,
            },
            bus::Notice::Visit { room, user, on } => Self::Visit {
                room: room.as_uuid(),
                user: user.as_uuid(),
                on: *on,
            },
            bus::Notice::Presence {
                user,
                last_seen,
                online,
                rooms,
            } => Self::Presence {
                user: user.as_uuid(),
                last_seen: last_seen.map(Timestamp::as_millis),
                online: *online,
                rooms: rooms
                    .iter()
                    .take(MOST_ROOMS)
                    .map(|room| room.as_uuid())
                    .collect(),
            },
            bus::Notice::AccessChanged { room, user, change } => Self::AccessChanged {
                room: room.as_uuid(),
                user: user.as_uuid(),
                removed: removal(*change),
                added: *change == bus::AccessChange::Added,
            },
            bus::Notice::Notification {
                user,
                room,
                message,
                kind,
            } => Self::Notification {
                user: user.as_uuid(),
                room: room.as_uuid(),
                message: message.as_uuid(),
                kind: (*kind).into(),
            },
            bus::Notice::Media(media) => Self::Media(Box::new(media.as_ref().into())),
            bus::Notice::SessionsEnded(sessions) => {
                Self::SessionsEnded(sessions.iter().map(|session| session.as_uuid()).collect())
            }
        }
    }
}

impl TryFrom<Notice> for bus::Notice {
    type Error = Unreadable;

    #[expect(clippy::too_many_lines, reason = "one arm a notice, and nothing more")]
    fn try_from(notice: Notice) -> Result<Self, Unreadable> {
        Ok(match notice {
            Notice::Changed { room, changes } => Self::Changed {
                room: RoomId::from_uuid(room),
                changes: read(changes)?,
            },
            Notice::Receipt {
                room,
                user,
                cursors,
            } => Self::Receipt {
                room: RoomId::from_uuid(room),
                user: UserId::from_uuid(user),
                cursors: cursors.try_into()?,
            },
            Notice::Typing { room, user, on } => Self::Typing {
                room: RoomId::from_uuid(room),
                user: UserId::from_uuid(user),
                on,
            },
            Notice::Visit { room, user, on } => Self::Visit {
                room: RoomId::from_uuid(room),
                user: UserId::from_uuid(user),
                on,
            },
            Notice::Presence {
                user,
                last_seen,
                online,
                rooms,
            } => Self::Presence {
                user: UserId::from_uuid(user),
                last_seen: moment(last_seen),
                online,
                rooms: rooms.into_iter().map(RoomId::from_uuid).collect(),
            },
            Notice::AccessChanged {
                room,
                user,
                removed,
                added,
            } => Self::AccessChanged {
                room: RoomId::from_uuid(room),
                user: UserId::from_uuid(user),
                change: access_change(removed, added),
            },
            Notice::Notification {
                user,
                room,
                message,
                kind,
            } => Self::Notification {
                user: UserId::from_uuid(user),
                room: RoomId::from_uuid(room),
                message: MessageId::from_uuid(message),
                kind: kind.into(),
            },
            Notice::Media(media) => Self::Media(Box::new((*media).try_into()?)),
            Notice::SessionsEnded(sessions) => {
                Self::SessionsEnded(sessions.into_iter().map(SessionId::from_uuid).collect())
            }
        })
    }
}

fn read(changes: Vec<RoomChange>) -> Result<Vec<bus::RoomChange>, Unreadable> {
    changes.into_iter().map(TryInto::try_into).collect()
}

fn removal(change: bus::AccessChange) -> Option<Removal> {
    match change {
        bus::AccessChange::Removed(why) => Some(why.into()),
        bus::AccessChange::Added | bus::AccessChange::Changed => None,
    }
}

/// A notice that does not say who was added comes from an older node.
fn access_change(removed: Option<Removal>, added: bool) -> bus::AccessChange {
    match removed {
        Some(why) => bus::AccessChange::Removed(why.into()),
        None if added => bus::AccessChange::Added,
        None => bus::AccessChange::Changed,
    }
}
