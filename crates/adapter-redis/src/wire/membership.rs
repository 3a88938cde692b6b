//! Memberships and cursors.

use domain::{RoomId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::unreadable::{Unreadable, moment, rev, seq};

#[derive(Serialize, Deserialize)]
pub(crate) struct Membership {
    room: Uuid,
    user: Uuid,
    role: Role,
    joined_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left_at: Option<i64>,
    from_seq: i64,
    rev: i64,
    cursors: Cursors,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    silenced_until: Option<i64>,
    notifications: Notifications,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Cursors {
    read: i64,
    delivered: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    Member,
    Admin,
    Owner,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Notifications {
    On,
    Muted { until: Option<i64> },
}

impl From<&domain::Membership> for Membership {
    fn from(membership: &domain::Membership) -> Self {
        Self {
            room: membership.room.as_uuid(),
            user: membership.user.as_uuid(),
            role: match membership.role {
                domain::Role::Member => Role::Member,
                domain::Role::Admin => Role::Admin,
                domain::Role::Owner => Role::Owner,
            },
            joined_at: membership.joined_at.as_millis(),
            left_at: membership.left_at.map(Timestamp::as_millis),
            from_seq: membership.from_seq.get(),
            rev: membership.rev.get(),
            cursors: membership.cursors.into(),
            silenced_until: membership.silenced_until.map(Timestamp::as_millis),
            notifications: match membership.notifications {
                domain::Notifications::On => Notifications::On,
                domain::Notifications::Muted { until } => Notifications::Muted {
                    until: until.map(Timestamp::as_millis),
                },
            },
        }
    }
}

impl TryFrom<Membership> for domain::Membership {
    type Error = Unreadable;

    fn try_from(membership: Membership) -> Result<Self, Unreadable> {
        Ok(Self {
            room: RoomId::from_uuid(membership.room),
            user: UserId::from_uuid(membership.user),
            role: match membership.role {
                Role::Member => domain::Role::Member,
                Role::Admin => domain::Role::Admin,
                Role::Owner => domain::Role::Owner,
            },
            joined_at: Timestamp::from_millis(membership.joined_at),
            left_at: moment(membership.left_at),
            from_seq: seq(membership.from_seq)?,
            rev: rev(membership.rev)?,
            cursors: membership.cursors.try_into()?,
            silenced_until: moment(membership.silenced_until),
            notifications: match membership.notifications {
                Notifications::On => domain::Notifications::On,
                Notifications::Muted { until } => domain::Notifications::Muted {
                    until: moment(until),
                },
            },
        })
    }
}

impl From<domain::Cursors> for Cursors {
    fn from(cursors: domain::Cursors) -> Self {
        Self {
            read: cursors.read.get(),
            delivered: cursors.delivered.get(),
        }
    }
}

impl TryFrom<Cursors> for domain::Cursors {
    type Error = Unreadable;

    fn try_from(cursors: Cursors) -> Result<Self, Unreadable> {
        Ok(Self {
            read: seq(cursors.read)?,
            delivered: seq(cursors.delivered)?,
        })
    }
}
