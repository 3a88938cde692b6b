//! Who belongs to a room, and how far they have read.

use crate::{History, Rev, Room, RoomId, Seq, Timestamp, UserId};

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
    /// A plain member's, that begins now. What they may read begins where the room's history says, and
    /// their cursors stand there. Its rev is the store's to give.
    pub fn begin(room: &Room, user: UserId, at: Timestamp) -> Self {
        let from_seq = match room.history {
            History::All => Seq::ZERO,
            History::Joined => room.last_seq,
        };
        Self {
            room: room.id,
            user,
            role: Role::Member,
            joined_at: at,
            left_at: None,
            from_seq,
            rev: Rev::ZERO,
            cursors: Cursors::default().moved(Some(from_seq), None),
            silenced_until: None,
            notifications: Notifications::On,
        }
    }

    /// The same, of somebody who left before: with cursors that stood further on, with what they chose,
    /// and with a silence, which nobody gets rid of by leaving and coming back.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        Self {
            cursors: before.cursors.moved(Some(self.from_seq), None),
            silenced_until: before.silenced_until,
            notifications: before.notifications,
            ..self
        }
    }

    /// How many messages of the room are still unread. No counting: both ends are known.
    pub const fn unread(&self, room: &Room) -> i64 {
        room.last_seq.after(self.cursors.read)
    }

    /// Until when writing is refused, when it is. Those who keep order are not silenced by it: the
    /// silence of a member who came to such a role waits for the end of either.
    pub fn silenced_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.silenced_until
            .filter(|until| self.role == Role::Member && *until > now)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::RoomKind;

    fn seq(number: i64) -> Seq {
        Seq::new(number).unwrap()
    }

    fn user() -> UserId {
        UserId::from_uuid(Uuid::from_u128(1))
    }

    /// A room with ten messages.
    fn room(history: History) -> Room {
        let id = RoomId::from_uuid(Uuid::nil());
        Room {
            history,
            last_seq: seq(10),
            ..Room::empty(id, RoomKind::Public, Timestamp::from_millis(0))
        }
    }

    #[test]
    fn a_newcomer_reads_from_where_history_says() {
        let now = Timestamp::from_millis(1);
        for (history, from) in [(History::All, Seq::ZERO), (History::Joined, seq(10))] {
            let member = Membership::begin(&room(history), user(), now);
            assert_eq!(member.from_seq, from);
            let cursors = (member.cursors.read, member.cursors.delivered);
            assert_eq!(cursors, (from, from));
        }
    }

    #[test]
    fn who_comes_back_keeps_a_silence_and_no_role() {
        let now = Timestamp::from_millis(5);
        let later = Timestamp::from_millis(9);
        let before = Membership {
            role: Role::Admin,
            left_at: Some(now),
            cursors: Cursors::default().moved(Some(seq(4)), Some(seq(12))),
            silenced_until: Some(later),
            notifications: Notifications::Muted { until: None },
            ..Membership::begin(&room(History::All), user(), now)
        };
        let back = Membership::begin(&room(History::Joined), user(), later).after(&before);
        assert_eq!((back.role, back.left_at), (Role::Member, None));
        assert_eq!(
            (back.cursors.read, back.cursors.delivered),
            (seq(10), seq(12))
        );
        assert_eq!(back.silenced_until, before.silenced_until);
        assert_eq!(back.notifications, before.notifications);
    }

    #[test]
    fn a_silence_is_of_plain_members_and_ends_by_itself() {
        let (now, later) = (Timestamp::from_millis(5), Timestamp::from_millis(9));
        let of = |role| Membership {
            role,
            silenced_until: Some(later),
            ..Membership::begin(&room(History::All), user(), now)
        };
        assert_eq!(of(Role::Member).silenced_at(now), Some(later));
        assert_eq!(of(Role::Member).silenced_at(later), None);
        assert_eq!(of(Role::Admin).silenced_at(now), None);
        assert_eq!(of(Role::Owner).silenced_at(now), None);
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
