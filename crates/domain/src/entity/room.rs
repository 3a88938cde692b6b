//! Rooms: each a log of messages with its members.

use crate::{Description, InviteCode, Rev, RoomId, RoomName, Seq, Timestamp, UserId};

/// Who can find a room and come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomKind {
    /// Anybody may find it and join.
    Public,
    /// Only an invite opens it.
    Private,
    /// The conversation of exactly two people, who are its members for good.
    Direct(Pair),
}

/// Two different people, in no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    low: UserId,
    high: UserId,
}

impl Pair {
    /// The pair of two people; nobody is a pair with themselves.
    pub fn of(one: UserId, other: UserId) -> Option<Self> {
        (one != other).then(|| Self {
            low: one.min(other),
            high: one.max(other),
        })
    }

    /// The one whose id is smaller. For stores, which keep a pair as two columns.
    pub const fn low(self) -> UserId {
        self.low
    }

    /// The one whose id is greater.
    pub const fn high(self) -> UserId {
        self.high
    }

    /// Whoever is not `user`.
    pub fn other(self, user: UserId) -> UserId {
        if self.low == user {
            self.high
        } else {
            self.low
        }
    }
}

/// How far back a member may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum History {
    /// Everything that was ever said.
    #[default]
    All,
    /// What was said since they joined.
    Joined,
}

/// A room in its present state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Names the room.
    pub id: RoomId,
    /// Who can find it and come in.
    pub kind: RoomKind,
    /// What it is called; a direct room has no name.
    pub name: Option<RoomName>,
    /// What it is for.
    pub description: Option<Description>,
    /// Whose it is; a direct room is nobody's.
    pub owner: Option<UserId>,
    /// How far back those who join from now on may read.
    pub history: History,
    /// The invite that a private room always has at hand, until it is revoked.
    pub standing_invite: Option<InviteCode>,
    /// How many members it has now.
    pub member_count: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its own properties last changed.
    pub updated_at: Timestamp,
    /// When it was made or last written in.
    pub active_at: Timestamp,
    /// The rev of the last change to the room itself.
    pub rev: Rev,
    /// The seq of the last message.
    pub last_seq: Seq,
    /// The rev of the last change to anything in it.
    pub last_rev: Rev,
}

impl Room {
    /// One that is made now: nameless, nobody's, and without members. It has spent its first rev on
    /// itself.
    pub const fn empty(id: RoomId, kind: RoomKind, at: Timestamp) -> Self {
        let first = Rev::ZERO.next();
        Self {
            id,
            kind,
            name: None,
            description: None,
            owner: None,
            history: History::All,
            standing_invite: None,
            member_count: 0,
            created_at: at,
            updated_at: at,
            active_at: at,
            rev: first,
            last_seq: Seq::ZERO,
            last_rev: first,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_pair_has_no_order_and_two_people() {
        let [ana, ben] = [1, 2].map(|n| UserId::from_uuid(Uuid::from_u128(n)));
        assert_eq!(Pair::of(ana, ben), Pair::of(ben, ana));
        assert_eq!(Pair::of(ana, ana), None);
        assert_eq!(Pair::of(ana, ben).map(|pair| pair.other(ana)), Some(ben));
    }
}
