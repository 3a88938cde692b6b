//! What the shapes of the tests are made of.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, json};
use uuid::Uuid;

use crate::Timestamp;
use crate::shape::{
    History, Media, MediaStatus, Member, Message, MessageStatus, NamedUser, Presence, Reaction,
    Role, Room, RoomKind, Standing, User,
};

/// An id that can be told from the others.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128((0x0195_b4a0 << 96) | (0x7000 << 64) | (0x8000 << 48) | number)
}

/// A moment, so many seconds after a certain one.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_767_323_045_678 + seconds * 1000)
}

/// A client reads what a server wrote.
#[track_caller]
pub(crate) fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(shape: &T) {
    let json = serde_json::to_string(shape).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *shape);
}

pub(crate) fn bare_user() -> User {
    User {
        id: id(1),
        username: "ada".into(),
        display_name: "Ada Lovelace".into(),
        avatar_url: None,
        bio: None,
        created_at: at(0),
        status: Presence::Offline,
        last_seen_at: None,
        email: None,
        profile: None,
    }
}

pub(crate) fn full_user() -> User {
    let profile = Map::from_iter([("theme".to_owned(), json!({ "dark": true }))]);
    User {
        avatar_url: Some("/api/media/a".into()),
        bio: Some("First of her kind.".into()),
        status: Presence::Online,
        last_seen_at: Some(at(9)),
        email: Some("ada@example.org".into()),
        profile: Some(profile),
        ..bare_user()
    }
}

pub(crate) fn sender() -> NamedUser {
    NamedUser {
        id: id(1),
        username: "ada".into(),
        display_name: "Ada Lovelace".into(),
        avatar_url: None,
    }
}

pub(crate) fn bare_media() -> Media {
    Media {
        id: id(30),
        room_id: None,
        owner_id: id(1),
        file_name: "notes.txt".into(),
        content_type: "text/plain".into(),
        size: 12,
        width: None,
        height: None,
        status: MediaStatus::Processing,
        url: "/api/media/m".into(),
        thumbnail_url: None,
    }
}

pub(crate) fn full_media() -> Media {
    Media {
        room_id: Some(id(10)),
        file_name: "engine.png".into(),
        content_type: "image/png".into(),
        width: Some(640),
        height: Some(480),
        status: MediaStatus::Ready,
        thumbnail_url: Some("/api/media/m/thumbnail".into()),
        ..bare_media()
    }
}

pub(crate) fn full_message() -> Message {
    Message {
        id: id(20),
        room_id: id(10),
        seq: 7,
        rev: 12,
        sender_id: id(1),
        sender: sender(),
        content: Some("Hello, @grace".into()),
        client_id: Some(id(21)),
        reply_to: Some(id(19)),
        reply_count: 2,
        attachments: vec![full_media()],
        mentions: vec![id(2)],
        reactions: vec![Reaction {
            emoji: "👍".into(),
            count: 3,
            mine: Some(true),
        }],
        status: Some(MessageStatus::Delivered),
        created_at: at(1),
        edited_at: Some(at(2)),
        deleted_at: None,
        pinned: true,
    }
}

pub(crate) fn tombstone() -> Message {
    Message {
        content: None,
        client_id: None,
        reply_to: None,
        reply_count: 0,
        attachments: Vec::new(),
        mentions: Vec::new(),
        reactions: Vec::new(),
        status: None,
        edited_at: None,
        deleted_at: Some(at(3)),
        pinned: false,
        ..full_message()
    }
}

pub(crate) fn direct_room() -> Room {
    Room {
        id: id(10),
        name: None,
        description: None,
        kind: RoomKind::Direct,
        is_private: true,
        owner_id: None,
        member_count: 2,
        created_at: at(0),
        updated_at: at(0),
        rev: 1,
        last_seq: 0,
        last_rev: 2,
        history: History::All,
        participants: None,
        invite_code: None,
        invite_url: None,
        membership: None,
        last_message: None,
    }
}

pub(crate) fn full_room() -> Room {
    Room {
        name: Some("Engines".into()),
        description: Some("Analytical ones.".into()),
        kind: RoomKind::Private,
        owner_id: Some(id(1)),
        history: History::Joined,
        participants: Some(vec![bare_user()]),
        invite_code: Some("0123456789abcdef0123456789abcdef".into()),
        invite_url: Some("/invite/0123456789abcdef0123456789abcdef".into()),
        membership: Some(standing()),
        last_message: Some(full_message()),
        ..direct_room()
    }
}

pub(crate) fn standing() -> Standing {
    Standing {
        role: Role::Admin,
        joined_at: at(1),
        from_seq: 2,
        read_seq: 5,
        delivered_seq: 6,
        unread: 2,
        mentions: 1,
        muted: true,
        muted_until: Some(at(60)),
    }
}

pub(crate) fn member() -> Member {
    Member {
        user: bare_user(),
        role: Role::Owner,
        joined_at: at(1),
        left_at: None,
        rev: 3,
        read_seq: 5,
        delivered_seq: 6,
    }
}
