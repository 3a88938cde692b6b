//! Rooms, each of which is a log of messages with its members.

use crate::{Description, InviteCode, Rev, RoomId, RoomName, Seq, Timestamp, UserId};

/// Who can find and join a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomKind {
    /// Anyone may find and join it.
    Public,
    /// Joining requires an invite.
    Private,
    /// A conversation of exactly two users, whose membership is permanent.
    Direct(Pair),
}

/// An unordered pair of two different users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    low: UserId,
    high: UserId,
}

impl Pair {
    /// Makes a pair; `None` if both are the same user.
    pub fn of(one: UserId, other: UserId) -> Option<Self> {
        (one != other).then(|| Self {
            low: one.min(other),
            high: one.max(other),
        })
    }

    /// The one with the smaller id. For stores, which keep a pair in two columns.
    pub const fn low(self) -> UserId {
        self.low
    }

    /// The one with the larger id.
    pub const fn high(self) -> UserId {
        self.high
    }

    /// The one who is not `user`.
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
    /// Everything that was ever posted.
    #[default]
    All,
    /// What was posted since they joined.
    Joined,
}

/// A room in its present state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Identifies the room.
    pub id: RoomId,
    /// Who can find and join it.
    pub kind: RoomKind,
    /// Its name; a direct room has none.
    pub name: Option<RoomName>,
    /// What the room is for.
    pub description: Option<Description>,
    /// Its owner; a direct room has none.
    pub owner: Option<UserId>,
    /// How far back members who join from now on may read.
    pub history: History,
    /// A private room's standing invite, until it is revoked.
    pub standing_invite: Option<InviteCode>,
    /// How many members it has.
    pub member_count: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its own properties last changed.
    pub updated_at: Timestamp,
    /// When it was created or last posted to.
    pub active_at: Timestamp,
    /// The rev of the last change to the room itself.
    pub rev: Rev,
    /// The seq of the last message.
    pub last_seq: Seq,
    /// The rev of the last change to anything in it.
    pub last_rev: Rev,
}

impl Room {
    /// A newly created room without name, owner or members. Its own creation has used its first rev.
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
