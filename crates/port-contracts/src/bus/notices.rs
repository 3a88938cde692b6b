//! One notice of each kind, with everything that it can carry.

use domain::port::bus::{
    AccessChange, MemberChange, MessageChange, Notice, NotificationKind, Removal, RoomChange,
};
use domain::{
    Cursors, Description, History, InviteCode, Media, MediaStatus, Membership, Message,
    Notifications, Pair, Reaction, Role, Room, RoomId, RoomKind, RoomName, UserId,
};

use super::scene::numbered;
use crate::made::{body, emoji, new_media, rev, seq};
use crate::{at, fresh};

/// One of each kind.
pub(super) fn one_of_each(room: RoomId) -> Vec<Notice> {
    let user = fresh();
    let mut notices = vec![
        Notice::Changed {
            room,
            changes: changes(room),
        },
        Notice::Changed {
            room,
            changes: Vec::new(),
        },
        numbered(room, 7),
        Notice::SessionsEnded(vec![fresh(), fresh()]),
        Notice::SessionsEnded(Vec::new()),
    ];
    for on in [true, false] {
        notices.push(Notice::Typing { room, user, on });
        notices.push(Notice::Visit { room, user, on });
        notices.push(Notice::Presence {
            user,
            last_seen: (!on).then(|| at(7)),
            online: on,
            rooms: if on { vec![room, fresh()] } else { Vec::new() },
        });
    }
    let accesses = [
        AccessChange::Added,
        AccessChange::Changed,
        AccessChange::Removed(Removal::Left),
        AccessChange::Removed(Removal::Kicked),
        AccessChange::Removed(Removal::Banned),
        AccessChange::Removed(Removal::Deleted),
    ];
    notices.extend(accesses.map(|change| Notice::AccessChanged { room, user, change }));
    let kinds = [
        NotificationKind::Mention,
        NotificationKind::Direct,
        NotificationKind::Reply,
    ];
    notices.extend(kinds.map(|kind| Notice::Notification {
        user,
        room,
        message: fresh(),
        kind,
    }));
    notices.push(Notice::Media(Box::new(new_media(user, Some(room)))));
    notices
}

fn changes(id: RoomId) -> Vec<RoomChange> {
    let user = fresh();
    let rich = message(id, user);
    let plain = Message {
        body: None,
        client_id: None,
        reply_to: None,
        thread: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        reactions: Vec::new(),
        edited_at: None,
        deleted_at: Some(at(9)),
        ..message(id, user)
    };
    let reacted = MessageChange::Reacted {
        user,
        emoji: emoji(7),
        on: true,
    };
    let member = membership(id, user);
    let muted = Membership {
        role: Role::Owner,
        left_at: None,
        silenced_until: None,
        notifications: Notifications::Muted { until: None },
        ..membership(id, user)
    };
    let direct = Room {
        kind: RoomKind::Direct(Pair::of(user, fresh()).unwrap()),
        name: None,
        owner: None,
        standing_invite: None,
        ..room(id, user)
    };
    vec![
        RoomChange::Message(Box::new(rich.clone()), MessageChange::Created),
        RoomChange::Message(Box::new(rich.clone()), MessageChange::Updated),
        RoomChange::Message(Box::new(rich), reacted),
        RoomChange::Message(Box::new(plain), MessageChange::Deleted),
        RoomChange::Member(member.clone(), MemberChange::Joined),
        RoomChange::Member(member.clone(), MemberChange::Left),
        RoomChange::Member(member.clone(), MemberChange::Kicked),
        RoomChange::Member(member, MemberChange::Banned),
        RoomChange::Member(muted, MemberChange::Role),
        RoomChange::Room(Box::new(room(id, user))),
        RoomChange::RoomDeleted(Box::new(direct)),
    ]
}

fn message(room: RoomId, user: UserId) -> Message {
    let looked_at = Media {
        dimensions: Some((640, 480)),
        thumbnail: true,
        status: MediaStatus::Ready,
        ..new_media(user, Some(room))
    };
    let reaction = |number, count| Reaction {
        emoji: emoji(number),
        count,
        mine: false,
    };
    Message {
        id: fresh(),
        room,
        seq: seq(7),
        rev: rev(9_007_199_254_740_991),
        sender: user,
        body: Some(body(
            "ñandú \u{1f469}\u{200d}\u{1f680}\n\"quoted\" \\ \u{1}",
        )),
        client_id: Some(fresh()),
        reply_to: Some(fresh()),
        thread: Some(fresh()),
        reply_count: 3,
        attachments: vec![looked_at, new_media(user, None)],
        mentions: vec![user, fresh()],
        reactions: vec![reaction(2, 1), reaction(1, 70_000)],
        created_at: at(1),
        edited_at: Some(at(2)),
        deleted_at: None,
        pinned: true,
    }
}

fn membership(room: RoomId, user: UserId) -> Membership {
    Membership {
        room,
        user,
        role: Role::Admin,
        joined_at: at(1),
        left_at: Some(at(3)),
        from_seq: seq(2),
        rev: rev(12),
        cursors: Cursors {
            read: seq(3),
            delivered: seq(5),
        },
        silenced_until: Some(at(4)),
        notifications: Notifications::Muted { until: Some(at(9)) },
    }
}

fn room(id: RoomId, owner: UserId) -> Room {
    Room {
        id,
        kind: RoomKind::Private,
        name: Some(RoomName::parse("Ñandú & co").unwrap()),
        description: Some(Description::parse("What it is for.").unwrap()),
        owner: Some(owner),
        history: History::Joined,
        standing_invite: Some(InviteCode::from_bits([0xa7; 16])),
        member_count: 70_000,
        created_at: at(0),
        updated_at: at(5),
        active_at: at(6),
        rev: rev(11),
        last_seq: seq(8),
        last_rev: rev(12),
    }
}
