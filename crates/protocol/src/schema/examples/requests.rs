//! Requests.

use super::{BEN, CLIENT, Example, ROOM, at, id};
use crate::rest::{
    AddUser, ChangePassword, ChangeProfile, ChatKind, CreateChat, CreateInvite, CreateRoom,
    CursorTarget, EditMember, EditMessage, EditRoom, EraseAccount, JoinAny, JoinRoom, Login,
    Logout, MoveCursor, Mute, NamedMessage, NamedRoom, PostMessage, Refresh, Register,
};
use crate::shape::{History, Role};
use crate::{Patch, Secret};

/// A whole sentence is a password that people can remember.
const PASSWORD: &str = "correct horse";

impl Example for Register {
    fn example() -> Self {
        Self {
            email: "ana@example.org".to_owned(),
            password: Secret::new(PASSWORD),
            username: Some("ana".to_owned()),
            display_name: "Ana María".to_owned(),
        }
    }
}

impl Example for AddUser {
    fn example() -> Self {
        Self {
            email: "ana@example.org".to_owned(),
            username: Some("ana".to_owned()),
            display_name: "Ana María".to_owned(),
        }
    }
}

impl Example for Login {
    fn example() -> Self {
        Self {
            email: "ana@example.org".to_owned(),
            password: Secret::new(PASSWORD),
        }
    }
}

impl Example for Refresh {
    fn example() -> Self {
        Self {
            refresh_token: Some(Secret::new("0mN3H2b9…")),
        }
    }
}

/// Usually the access token identifies the session to end.
impl Example for Logout {
    fn example() -> Self {
        Self::default()
    }
}

impl Example for ChangePassword {
    fn example() -> Self {
        Self {
            current: Secret::new(PASSWORD),
            new: Secret::new("battery staple"),
        }
    }
}

impl Example for ChangeProfile {
    fn example() -> Self {
        Self {
            display_name: Some("Ana María".to_owned()),
            bio: Patch::Set("Reads more than she says.".to_owned()),
            ..Self::default()
        }
    }
}

impl Example for EraseAccount {
    fn example() -> Self {
        Self {
            password: Secret::new(PASSWORD),
        }
    }
}

impl Example for CreateRoom {
    fn example() -> Self {
        Self {
            name: "tertulia".to_owned(),
            description: Some("What we read this month.".to_owned()),
            is_private: false,
            history: History::All,
        }
    }
}

impl Example for EditRoom {
    fn example() -> Self {
        Self {
            name: Some("tertulia, upstairs".to_owned()),
            ..Self::default()
        }
    }
}

/// Joining a public room requires no invite.
impl Example for JoinRoom {
    fn example() -> Self {
        Self::default()
    }
}

impl Example for JoinAny {
    fn example() -> Self {
        Self::InviteCode("5f0c1c0e7d1b4c2e9a3f6d8b7e4a2c10".to_owned())
    }
}

impl Example for Mute {
    fn example() -> Self {
        Self {
            until: Some(at(8 * 3600)),
        }
    }
}

impl Example for EditMember {
    fn example() -> Self {
        Self {
            role: Some(Role::Admin),
            muted_until: Patch::Absent,
        }
    }
}

impl Example for CreateInvite {
    fn example() -> Self {
        Self {
            expires_in: Some(24 * 3600),
            max_uses: Some(10),
        }
    }
}

impl Example for PostMessage {
    fn example() -> Self {
        Self {
            content: "Hi @ben, did you read it?".to_owned(),
            client_id: Some(id(CLIENT)),
            reply_to: None,
            attachments: Vec::new(),
        }
    }
}

impl Example for EditMessage {
    fn example() -> Self {
        Self {
            content: "Hi @ben, have you read it?".to_owned(),
        }
    }
}

impl Example for MoveCursor {
    fn example() -> Self {
        Self {
            room_id: id(ROOM),
            to: CursorTarget::Seq(1),
        }
    }
}

impl Example for CreateChat {
    fn example() -> Self {
        Self {
            participant_ids: vec![id(BEN)],
            name: None,
            kind: Some(ChatKind::Private),
        }
    }
}

impl Example for NamedRoom {
    fn example() -> Self {
        Self {
            name: "tertulia".to_owned(),
        }
    }
}

impl Example for NamedMessage {
    fn example() -> Self {
        Self {
            chat_room_name: "tertulia".to_owned(),
            content: "Hi @ben, did you read it?".to_owned(),
            client_id: Some(id(CLIENT)),
        }
    }
}
