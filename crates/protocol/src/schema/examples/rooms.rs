//! Rooms and their members.

use super::people::ben;
use super::{ANA, Example, MESSAGE, ROOM, at, id};
use crate::shape::{
    Ban, Bans, Changes, History, Invite, InvitePreview, InvitedRoom, Invites, Member, MemberPage,
    Message, NamedUser, Role, Room, RoomKind, RoomPage, Rooms, Standing, User,
};

/// 128 bits in hexadecimal digits.
const CODE: &str = "5f0c1c0e7d1b4c2e9a3f6d8b7e4a2c10";

impl Example for Room {
    fn example() -> Self {
        Self {
            id: id(ROOM),
            name: Some("tertulia".to_owned()),
            description: Some("What we read this month.".to_owned()),
            kind: RoomKind::Public,
            is_private: false,
            owner_id: Some(id(ANA)),
            member_count: 2,
            created_at: at(60),
            updated_at: at(60),
            rev: 1,
            last_seq: 1,
            last_rev: 4,
            history: History::All,
            participants: None,
            invite_code: None,
            invite_url: None,
            membership: Some(Standing {
                role: Role::Owner,
                joined_at: at(60),
                from_seq: 0,
                read_seq: 1,
                delivered_seq: 1,
                unread: 0,
                mentions: 0,
                muted: false,
                muted_until: None,
            }),
            last_message: Some(Message::example()),
        }
    }
}

impl Example for Rooms {
    fn example() -> Self {
        Self {
            rooms: Vec::example(),
        }
    }
}

impl Example for RoomPage {
    fn example() -> Self {
        Self {
            rooms: Vec::example(),
            next_cursor: Some(id(ROOM)),
        }
    }
}

impl Example for Member {
    fn example() -> Self {
        Self {
            user: User::example(),
            role: Role::Owner,
            joined_at: at(60),
            left_at: None,
            rev: 1,
            read_seq: 1,
            delivered_seq: 1,
        }
    }
}

impl Example for MemberPage {
    fn example() -> Self {
        Self {
            users: Vec::example(),
            next_cursor: None,
        }
    }
}

impl Example for Ban {
    fn example() -> Self {
        Self {
            user: ben(),
            at: at(7200),
            by: id(ANA),
        }
    }
}

impl Example for Bans {
    fn example() -> Self {
        Self {
            bans: Vec::example(),
        }
    }
}

impl Example for Invite {
    fn example() -> Self {
        Self {
            code: CODE.to_owned(),
            url: format!("https://chat.example.org/#/invite/{CODE}"),
            expires_at: Some(at(24 * 3600)),
            max_uses: Some(10),
            uses: 0,
        }
    }
}

impl Example for Invites {
    fn example() -> Self {
        Self {
            invites: Vec::example(),
        }
    }
}

impl Example for InvitePreview {
    fn example() -> Self {
        Self {
            code: CODE.to_owned(),
            room: InvitedRoom {
                id: id(ROOM),
                name: Some("tertulia".to_owned()),
                description: None,
                member_count: 2,
            },
            invited_by: NamedUser::example(),
            expires_at: Some(at(24 * 3600)),
        }
    }
}

impl Example for Changes {
    fn example() -> Self {
        Self {
            epoch: id(MESSAGE).to_string(),
            messages: Vec::example(),
            members: Vec::example(),
            room: Some(Room {
                membership: None,
                last_message: None,
                ..Room::example()
            }),
            up_to: 4,
            more: false,
            reset: false,
        }
    }
}
