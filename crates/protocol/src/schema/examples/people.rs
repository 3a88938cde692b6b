//! Users, sessions, and the server's health.

use super::{ANA, BEN, Example, SESSION, at, id};
use crate::Secret;
use crate::shape::{
    BackendHealth, Health, HealthStatus, NamedUser, Presence, Session, Sessions, Tokens, User,
    UserPage, Users,
};

impl Example for User {
    fn example() -> Self {
        Self {
            id: id(ANA),
            username: "ana".to_owned(),
            display_name: "Ana María".to_owned(),
            avatar_url: None,
            bio: Some("Reads more than she says.".to_owned()),
            created_at: at(0),
            status: Presence::Online,
            last_seen_at: Some(at(3600)),
            email: None,
            profile: None,
        }
    }
}

impl Example for NamedUser {
    fn example() -> Self {
        Self {
            id: id(ANA),
            username: "ana".to_owned(),
            display_name: "Ana María".to_owned(),
            avatar_url: None,
        }
    }
}

/// Another user.
pub(super) fn ben() -> User {
    User {
        id: id(BEN),
        username: "ben".to_owned(),
        display_name: "Ben".to_owned(),
        bio: None,
        ..User::example()
    }
}

impl Example for Users {
    fn example() -> Self {
        Self {
            users: vec![User::example(), ben()],
        }
    }
}

impl Example for UserPage {
    fn example() -> Self {
        Self {
            users: vec![User::example(), ben()],
            next_cursor: Some(id(BEN)),
        }
    }
}

impl Example for Tokens {
    fn example() -> Self {
        Self {
            user: User {
                email: Some("ana@example.org".to_owned()),
                ..User::example()
            },
            access_token: Secret::new("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.…"),
            token_expires_at: at(900),
            refresh_token: Some(Secret::new("0mN3H2b9…")),
            refresh_expires_at: at(30 * 24 * 3600),
            session_id: id(SESSION),
        }
    }
}

impl Example for Session {
    fn example() -> Self {
        Self {
            id: id(SESSION),
            created_at: at(0),
            last_used_at: at(3600),
            expires_at: at(30 * 24 * 3600),
            ip: Some("192.0.2.7".to_owned()),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64)".to_owned(),
            current: true,
        }
    }
}

impl Example for Sessions {
    fn example() -> Self {
        Self {
            sessions: Vec::example(),
        }
    }
}

impl Example for Health {
    fn example() -> Self {
        Self {
            status: HealthStatus::Up,
            backends: vec![BackendHealth {
                name: "store".to_owned(),
                state: HealthStatus::Up,
                milliseconds: 1,
            }],
        }
    }
}
