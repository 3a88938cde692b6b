//! Who belongs to a room, and how far they have read.

use crate::{Rev, Room, RoomId, Seq, Timestamp, UserId};

/// What a member may do beyond talking. Ordered: each may do what the one before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads and writes.
    Member,
    /// Keeps order as well.
    Admin,
    /// Has the last word. Every room but a direct one has exactly one.
    Owner,
}

/// How far a member has come in a room. Both only move forward, and what was read was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cursors {
    /// The last message that the member has read.
    pub read: Seq,
    /// The last message that has reached a device of theirs.
    pub delivered: Seq,
}

impl Cursors {
    /// Both moved up to the wished places where these are further on.
    #[must_use]
    pub fn moved(self, read: Option<Seq>, delivered: Option<Seq>) -> Self {
        let read = read.map_or(self.read, |seq| seq.max(self.read));
        let delivered = delivered.map_or(self.delivered, |seq| seq.max(self.delivered));
        Self {
            read,
            delivered: delivered.max(read),
        }
    }
}

/// Whether a member wants to be told of messages while away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Notifications {
    /// Of all that concern them.
    #[default]
    On,
    /// Of none, for a while or until they say otherwise.
    Muted {
        /// When notifications come on again by themselves.
        until: Option<Timestamp>,
    },
}

impl Notifications {
    /// Whether nothing should be told at this moment.
    pub fn muted_at(self, now: Timestamp) -> bool {
        match self {
            Self::On => false,
            Self::Muted { until } => until.is_none_or(|until| until > now),
        }
    }
}

/// A person's place in a room; once they left, its tombstone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// When they joined, the last time.
    pub joined_at: Timestamp,
    /// When they left or were removed; `None` while they belong.
    pub left_at: Option<Timestamp>,
    /// Nothing at or before this place is theirs to read.
    pub from_seq: Seq,
    /// The rev of the last change to this membership.
    pub rev: Rev,
    /// How far they have come.
    pub cursors: Cursors,
    /// Until when others of the room's admins keep them from writing.
    pub silenced_until: Option<Timestamp>,
    /// Whether they want to be told of messages.
    pub notifications: Notifications,
}

impl Membership {
    /// How many messages of the room are still unread. No counting: both ends are known.
    pub const fn unread(&self, room: &Room) -> i64 {
        room.last_seq.after(self.cursors.read)
    }

    /// Until when writing is refused, when it is.
    pub fn silenced_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.silenced_until.filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(number: i64) -> Seq {
        Seq::new(number).unwrap()
    }

    #[test]
    fn cursors_only_move_forward() {
        let start = Cursors {
            read: seq(4),
            delivered: seq(6),
        };
        assert_eq!(start.moved(Some(seq(2)), Some(seq(5))), start);
    }

    #[test]
    fn what_was_read_was_delivered() {
        let moved = Cursors::default().moved(Some(seq(3)), None);
        assert_eq!(
            moved,
            Cursors {
                read: seq(3),
                delivered: seq(3)
            }
        );
    }

    #[test]
    fn a_mute_ends_by_itself() {
        let now = Timestamp::from_millis(1000);
        assert!(Notifications::Muted { until: None }.muted_at(now));
        assert!(
            Notifications::Muted {
                until: Some(Timestamp::from_millis(1001))
            }
            .muted_at(now)
        );
        assert!(!Notifications::Muted { until: Some(now) }.muted_at(now));
        assert!(!Notifications::On.muted_at(now));
    }
}
