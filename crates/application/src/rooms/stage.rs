//! Scenes for the tables in the tests of rules, without a store.

use domain::port::rooms::{Decision, Party, Scene};
use domain::{
    Cursors, History, Invite, InviteCode, Membership, Notifications, Pair, Refusal, Rev, Role,
    Room, RoomId, RoomKind, Seq, Timestamp, UserId,
};
use uuid::Uuid;

/// A user's relation to a room.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seat {
    /// Not a member.
    Stranger,
    /// Banned.
    Banned,
    /// A member with this role.
    Has(Role),
}

pub(super) const MEMBER: Seat = Seat::Has(Role::Member);
pub(super) const ADMIN: Seat = Seat::Has(Role::Admin);
pub(super) const OWNER: Seat = Seat::Has(Role::Owner);

/// The user who acts.
pub(super) fn actor() -> UserId {
    UserId::from_uuid(Uuid::from_u128(1))
}

/// The user who is acted upon, if different.
pub(super) fn subject() -> UserId {
    UserId::from_uuid(Uuid::from_u128(2))
}

pub(super) fn now() -> Timestamp {
    Timestamp::from_millis(1_000_000)
}

pub(super) fn code() -> InviteCode {
    InviteCode::from_bits([9; 16])
}

pub(super) fn direct() -> RoomKind {
    RoomKind::Direct(Pair::of(actor(), subject()).unwrap())
}

/// A room of this kind with three members, with these two users in these seats.
pub(super) fn scene(kind: RoomKind, actor_seat: Seat, subject_seat: Seat) -> Scene {
    Scene {
        room: Room {
            id: room_id(),
            kind,
            name: None,
            description: None,
            owner: None,
            history: History::All,
            standing_invite: (kind == RoomKind::Private).then(code),
            member_count: 3,
            created_at: now(),
            updated_at: now(),
            active_at: now(),
            rev: Rev::ZERO,
            last_seq: Seq::ZERO,
            last_rev: Rev::ZERO,
        },
        actor: party(actor(), actor_seat),
        subject: party(subject(), subject_seat),
        invite: None,
    }
}

/// An invite into the room that admits `max_uses` users.
pub(super) fn invite(max_uses: i64) -> Invite {
    Invite {
        code: code(),
        room: room_id(),
        created_by: subject(),
        created_at: now(),
        expires_at: None,
        max_uses: Some(max_uses),
        uses: 1,
        revoked_at: None,
    }
}

/// The verdicts of a rule on every kind of actor, acting on an ordinary member.
///
/// In this order: a stranger to a public, a private and a direct room; a user banned from a public
/// and from a private one; a member, an admin and the owner of a public one; a participant of a
/// direct room.
pub(super) fn verdicts(rule: impl Fn(&Scene) -> Result<Decision, Refusal>) -> Vec<&'static str> {
    verdicts_upon(MEMBER, rule)
}

/// The same, acting on a user in this seat.
pub(super) fn verdicts_upon(
    subject: Seat,
    rule: impl Fn(&Scene) -> Result<Decision, Refusal>,
) -> Vec<&'static str> {
    let (public, private) = (RoomKind::Public, RoomKind::Private);
    [
        (public, Seat::Stranger),
        (private, Seat::Stranger),
        (direct(), Seat::Stranger),
        (public, Seat::Banned),
        (private, Seat::Banned),
        (public, MEMBER),
        (public, ADMIN),
        (public, OWNER),
        (direct(), MEMBER),
    ]
    .map(|(kind, seat)| verdict(rule(&scene(kind, seat, subject))))
    .to_vec()
}

fn verdict(answer: Result<Decision, Refusal>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(Refusal::Forbidden) => "forbidden",
        Err(Refusal::Banned) => "banned",
        Err(Refusal::NotFound) => "not found",
        Err(Refusal::Conflict(_)) => "conflict",
        Err(Refusal::OwnerMustHandOver) => "hand over",
        Err(Refusal::InviteExpired) => "over",
        Err(other) => panic!("{other:?}"),
    }
}

fn room_id() -> RoomId {
    RoomId::from_uuid(Uuid::nil())
}

fn party(user: UserId, seat: Seat) -> Party {
    Party {
        membership: match seat {
            Seat::Has(role) => Some(membership(user, role)),
            Seat::Stranger | Seat::Banned => None,
        },
        banned: matches!(seat, Seat::Banned),
    }
}

fn membership(user: UserId, role: Role) -> Membership {
    Membership {
        room: room_id(),
        user,
        role,
        joined_at: now(),
        left_at: None,
        from_seq: Seq::ZERO,
        rev: Rev::ZERO,
        cursors: Cursors::default(),
        silenced_until: None,
        notifications: Notifications::On,
    }
}
