//! Rooms, members, invites and bans.

use insta::assert_json_snapshot;

use super::scene::{at, bare_user, direct_room, full_room, id, member, sender, standing, survives};
use crate::shape::{
    Ban, Bans, Invite, InvitePreview, InvitedRoom, Invites, Member, Role, Standing,
};

#[test]
fn a_direct_room_has_no_name_and_no_owner() {
    let room = direct_room();
    survives(&room);
    assert_json_snapshot!(room, @r#"
    {
      "id": "0195b4a0-0000-7000-8000-00000000000a",
      "name": null,
      "kind": "direct",
      "isPrivate": true,
      "memberCount": 2,
      "createdAt": "2026-01-02T03:04:05.678Z",
      "updatedAt": "2026-01-02T03:04:05.678Z",
      "rev": 1,
      "lastSeq": 0,
      "lastRev": 2,
      "history": "all"
    }
    "#);
}

#[test]
fn a_room_with_everything() {
    let room = full_room();
    survives(&room);
    // The shapes inside have snapshots of their own.
    assert_json_snapshot!(room, {
        ".participants[]" => "[User]",
        ".membership" => "[Standing]",
        ".lastMessage" => "[Message]",
    }, @r#"
    {
      "id": "0195b4a0-0000-7000-8000-00000000000a",
      "name": "Engines",
      "description": "Analytical ones.",
      "kind": "private",
      "isPrivate": true,
      "ownerId": "0195b4a0-0000-7000-8000-000000000001",
      "memberCount": 2,
      "createdAt": "2026-01-02T03:04:05.678Z",
      "updatedAt": "2026-01-02T03:04:05.678Z",
      "rev": 1,
      "lastSeq": 0,
      "lastRev": 2,
      "history": "joined",
      "participants": [
        "[User]"
      ],
      "inviteCode": "0123456789abcdef0123456789abcdef",
      "inviteUrl": "/invite/0123456789abcdef0123456789abcdef",
      "membership": "[Standing]",
      "lastMessage": "[Message]"
    }
    "#);
}

#[test]
fn the_readers_own_place() {
    let unmuted = Standing {
        muted: false,
        muted_until: None,
        ..standing()
    };
    survives(&standing());
    survives(&unmuted);
    assert_json_snapshot!(standing(), @r#"
    {
      "role": "admin",
      "joinedAt": "2026-01-02T03:04:06.678Z",
      "fromSeq": 2,
      "readSeq": 5,
      "deliveredSeq": 6,
      "unread": 2,
      "mentions": 1,
      "muted": true,
      "mutedUntil": "2026-01-02T03:05:05.678Z"
    }
    "#);
    assert_eq!(
        serde_json::to_value(&unmuted).unwrap().get("mutedUntil"),
        None
    );
}

#[test]
fn a_member_and_one_who_left() {
    let left = Member {
        left_at: Some(at(50)),
        role: Role::Member,
        ..member()
    };
    survives(&member());
    survives(&left);
    assert_json_snapshot!(member(), { ".user" => "[User]" }, @r#"
    {
      "user": "[User]",
      "role": "owner",
      "joinedAt": "2026-01-02T03:04:06.678Z",
      "rev": 3,
      "readSeq": 5,
      "deliveredSeq": 6
    }
    "#);
    assert_json_snapshot!(left, { ".user" => "[User]" }, @r#"
    {
      "user": "[User]",
      "role": "member",
      "joinedAt": "2026-01-02T03:04:06.678Z",
      "leftAt": "2026-01-02T03:04:55.678Z",
      "rev": 3,
      "readSeq": 5,
      "deliveredSeq": 6
    }
    "#);
}

#[test]
fn invites() {
    let endless = Invite {
        code: "0123456789abcdef0123456789abcdef".into(),
        url: "/invite/0123456789abcdef0123456789abcdef".into(),
        expires_at: None,
        max_uses: None,
        uses: 0,
    };
    let bounded = Invite {
        expires_at: Some(at(60)),
        max_uses: Some(5),
        uses: 2,
        ..endless.clone()
    };
    let invites = Invites {
        invites: vec![endless, bounded],
    };
    survives(&invites);
    assert_json_snapshot!(invites, @r#"
    {
      "invites": [
        {
          "code": "0123456789abcdef0123456789abcdef",
          "url": "/invite/0123456789abcdef0123456789abcdef",
          "uses": 0
        },
        {
          "code": "0123456789abcdef0123456789abcdef",
          "url": "/invite/0123456789abcdef0123456789abcdef",
          "expiresAt": "2026-01-02T03:05:05.678Z",
          "maxUses": 5,
          "uses": 2
        }
      ]
    }
    "#);
}

#[test]
fn what_an_invite_leads_to() {
    let preview = InvitePreview {
        code: "0123456789abcdef0123456789abcdef".into(),
        room: InvitedRoom {
            id: id(10),
            name: Some("Engines".into()),
            description: None,
            member_count: 3,
        },
        invited_by: sender(),
        expires_at: Some(at(60)),
    };
    survives(&preview);
    assert_json_snapshot!(preview, @r#"
    {
      "code": "0123456789abcdef0123456789abcdef",
      "room": {
        "id": "0195b4a0-0000-7000-8000-00000000000a",
        "name": "Engines",
        "description": null,
        "memberCount": 3
      },
      "invitedBy": {
        "id": "0195b4a0-0000-7000-8000-000000000001",
        "username": "ada",
        "displayName": "Ada Lovelace"
      },
      "expiresAt": "2026-01-02T03:05:05.678Z"
    }
    "#);
}

#[test]
fn bans() {
    let bans = Bans {
        bans: vec![Ban {
            user: bare_user(),
            at: at(4),
            by: id(2),
        }],
    };
    survives(&bans);
    assert_json_snapshot!(bans, { ".bans[].user" => "[User]" }, @r#"
    {
      "bans": [
        {
          "user": "[User]",
          "at": "2026-01-02T03:04:09.678Z",
          "by": "0195b4a0-0000-7000-8000-000000000002"
        }
      ]
    }
    "#);
}
