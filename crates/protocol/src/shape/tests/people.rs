//! People, sessions and tokens.

use insta::assert_json_snapshot;

use super::scene::{at, bare_user, full_user, id, sender, survives};
use crate::Secret;
use crate::shape::{NamedUser, Session, Sessions, Tokens};

#[test]
fn a_person_as_strangers_see_them() {
    let user = bare_user();
    survives(&user);
    assert_json_snapshot!(user, @r#"
    {
      "id": "0195b4a0-0000-7000-8000-000000000001",
      "username": "ada",
      "displayName": "Ada Lovelace",
      "createdAt": "2026-01-02T03:04:05.678Z",
      "status": "offline"
    }
    "#);
}

#[test]
fn a_person_as_they_see_themselves() {
    let user = full_user();
    survives(&user);
    assert_json_snapshot!(user, @r#"
    {
      "id": "0195b4a0-0000-7000-8000-000000000001",
      "username": "ada",
      "displayName": "Ada Lovelace",
      "avatarUrl": "/api/media/a",
      "bio": "First of her kind.",
      "createdAt": "2026-01-02T03:04:05.678Z",
      "status": "online",
      "lastSeenAt": "2026-01-02T03:04:14.678Z",
      "email": "ada@example.org",
      "profile": {
        "theme": {
          "dark": true
        }
      }
    }
    "#);
}

#[test]
fn a_person_by_name_only() {
    let bare = sender();
    let full = NamedUser {
        avatar_url: Some("/api/media/a".into()),
        ..sender()
    };
    survives(&bare);
    survives(&full);
    assert_json_snapshot!(bare, @r#"
    {
      "id": "0195b4a0-0000-7000-8000-000000000001",
      "username": "ada",
      "displayName": "Ada Lovelace"
    }
    "#);
    assert_json_snapshot!(full, @r#"
    {
      "id": "0195b4a0-0000-7000-8000-000000000001",
      "username": "ada",
      "displayName": "Ada Lovelace",
      "avatarUrl": "/api/media/a"
    }
    "#);
}

fn session() -> Session {
    Session {
        id: id(40),
        created_at: at(0),
        last_used_at: at(5),
        expires_at: at(100),
        ip: Some("192.0.2.7".into()),
        user_agent: "curl/8".into(),
        current: true,
    }
}

#[test]
fn sessions() {
    let unknown = Session {
        ip: None,
        user_agent: String::new(),
        current: false,
        ..session()
    };
    let sessions = Sessions {
        sessions: vec![session(), unknown],
    };
    survives(&sessions);
    assert_json_snapshot!(sessions, @r#"
    {
      "sessions": [
        {
          "id": "0195b4a0-0000-7000-8000-000000000028",
          "createdAt": "2026-01-02T03:04:05.678Z",
          "lastUsedAt": "2026-01-02T03:04:10.678Z",
          "expiresAt": "2026-01-02T03:05:45.678Z",
          "ip": "192.0.2.7",
          "userAgent": "curl/8",
          "current": true
        },
        {
          "id": "0195b4a0-0000-7000-8000-000000000028",
          "createdAt": "2026-01-02T03:04:05.678Z",
          "lastUsedAt": "2026-01-02T03:04:10.678Z",
          "expiresAt": "2026-01-02T03:05:45.678Z",
          "ip": null,
          "userAgent": "",
          "current": false
        }
      ]
    }
    "#);
}

#[test]
fn tokens_have_three_names_for_one() {
    let tokens = Tokens {
        user: bare_user(),
        access_token: Secret::new("header.claims.signature"),
        token_expires_at: at(900),
        refresh_token: Some(Secret::new("refresh")),
        refresh_expires_at: at(2_592_000),
        session_id: id(40),
    };
    survives(&tokens);
    assert_json_snapshot!(tokens, @r#"
    {
      "user": {
        "id": "0195b4a0-0000-7000-8000-000000000001",
        "username": "ada",
        "displayName": "Ada Lovelace",
        "createdAt": "2026-01-02T03:04:05.678Z",
        "status": "offline"
      },
      "token": "header.claims.signature",
      "accessToken": "header.claims.signature",
      "access_token": "header.claims.signature",
      "tokenExpiresAt": "2026-01-02T03:19:05.678Z",
      "refreshToken": "refresh",
      "refreshExpiresAt": "2026-02-01T03:04:05.678Z",
      "sessionId": "0195b4a0-0000-7000-8000-000000000028"
    }
    "#);
}

#[test]
fn tokens_whose_refresh_token_went_into_a_cookie() {
    let tokens = Tokens {
        user: bare_user(),
        access_token: Secret::new("header.claims.signature"),
        token_expires_at: at(900),
        refresh_token: None,
        refresh_expires_at: at(2_592_000),
        session_id: id(40),
    };
    survives(&tokens);
    let json = serde_json::to_value(&tokens).unwrap();
    assert_eq!(json.get("refreshToken"), None);
    assert!(
        !format!("{tokens:?}").contains("claims"),
        "a log shows no token"
    );
}
