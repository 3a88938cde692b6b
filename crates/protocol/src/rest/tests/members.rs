//! Members of rooms, and how people become members.

use insta::assert_snapshot;
use serde_json::json;

use super::scene::{ID, body, id, query, told, told_of_query, written};
use crate::rest::{CreateInvite, EditMember, MembersQuery, Mute, RemoveQuery};
use crate::shape::Role;
use crate::{Patch, Timestamp};

const MOMENT: &str = "2026-01-02T03:04:05.678Z";

fn moment() -> Timestamp {
    MOMENT.parse().unwrap()
}

#[test]
fn members_to_list() {
    let asked: MembersQuery = query("");
    assert_eq!((asked.cursor, asked.limit, asked.online), (None, 50, false));
    let asked: MembersQuery = query(&format!("cursor={ID}&limit=1&online=true"));
    assert_eq!(
        (asked.cursor, asked.limit, asked.online),
        (Some(id(ID)), 1, true)
    );
    assert_snapshot!(told_of_query::<MembersQuery>("cursor=1&limit=ten&online=1"), @r#"
    cursor format: must be a UUID
    limit type: must be a whole number
    online type: must be true or false
    "#);
}

#[test]
fn a_member_gets_a_role_or_is_silenced() {
    assert_eq!(
        crate::read::<EditMember>(b"").unwrap(),
        EditMember::default()
    );
    let edit = EditMember {
        role: Some(Role::Admin),
        muted_until: Patch::Set(moment()),
    };
    assert_eq!(
        written(&edit),
        format!(r#"{{"role":"admin","mutedUntil":"{MOMENT}"}}"#)
    );
    let lifted: EditMember = body(&json!({ "mutedUntil": null }));
    assert_eq!((lifted.role, lifted.muted_until), (None, Patch::Null));
    assert_snapshot!(told::<EditMember>(&json!({
        "role": "king", "mutedUntil": "tomorrow",
    })), @r#"
    role format: must be one of owner, admin, member
    mutedUntil format: must be a time such as 2026-01-02T03:04:05.678Z
    "#);
    assert_snapshot!(told::<EditMember>(&json!({ "role": null, "mutedUntil": 0 })), @r#"
    role type: cannot be null
    mutedUntil type: must be a string
    "#);
}

#[test]
fn a_ban_has_to_be_asked_for() {
    assert!(query::<RemoveQuery>("ban=true").ban);
    assert!(!query::<RemoveQuery>("").ban);
    assert_snapshot!(told_of_query::<RemoveQuery>("ban=TRUE"), @"ban type: must be true or false");
}

#[test]
fn invites_end_by_time_and_by_use() {
    assert_eq!(
        crate::read::<CreateInvite>(b"").unwrap(),
        CreateInvite::default()
    );
    for (expires_in, max_uses) in [(60, 1), (2_592_000, 100_000)] {
        let invite = CreateInvite {
            expires_in: Some(expires_in),
            max_uses: Some(max_uses),
        };
        written(&invite);
    }
    for (expires_in, max_uses) in [(59, 0), (2_592_001, 100_001), (-1, i64::MIN)] {
        let sent = json!({ "expiresIn": expires_in, "maxUses": max_uses });
        assert_eq!(
            told::<CreateInvite>(&sent),
            "expiresIn range: must be from 60 to 2592000\nmaxUses range: must be from 1 to 100000"
        );
    }
    assert_snapshot!(told::<CreateInvite>(&json!({ "expiresIn": "60", "maxUses": 1.5 })), @r#"
    expiresIn type: must be a whole number
    maxUses type: must be a whole number
    "#);
    assert_snapshot!(told::<CreateInvite>(&json!({ "expiresIn": u64::MAX, "maxUses": 1e300 })), @r#"
    expiresIn range: is out of range
    maxUses range: is out of range
    "#);
}

#[test]
fn a_mute_may_have_an_end() {
    assert_eq!(crate::read::<Mute>(b"{}").unwrap(), Mute::default());
    let mute = Mute {
        until: Some(moment()),
    };
    assert_eq!(written(&mute), format!(r#"{{"until":"{MOMENT}"}}"#));
    assert_snapshot!(told::<Mute>(&json!({ "until": "2026-02-30T00:00:00Z" })), @"until format: must be a time such as 2026-01-02T03:04:05.678Z");
}
