//! Who belongs to a room, and how far each member has read.

use crate::{History, Rev, Room, RoomId, Seq, Timestamp, UserId};

/// A member's role. The order matters: each role includes the rights of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads and writes.
    Member,
    /// May also moderate.
    Admin,
    /// May do everything. Every room but a direct one has exactly one owner.
    Owner,
}

/// A member's cursors in a room. Both only move forward, and a message that was read was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cursors {
    /// The last message that the member has read.
    pub read: Seq,
    /// The last message that has reached one of the member's devices.
    pub delivered: Seq,
}

impl Cursors {
    /// Moves both cursors to the given positions, but never backwards.
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

/// Whether a member wants to be notified of messages while offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Notifications {
    /// Notify of all messages that concern them.
    #[default]
    On,
    /// Notify of nothing, for a while or until the member turns notifications on again.
    Muted {
        /// When notifications turn on again by themselves, if ever.
        until: Option<Timestamp>,
    },
}

impl Notifications {
    /// Whether notifications are muted at this moment.
    pub fn muted_at(self, now: Timestamp) -> bool {
        match self {
            Self::On => false,
            Self::Muted { until } => until.is_none_or(|until| until > now),
        }
    }
}

/// A user's membership of a room; once they have left, its tombstone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The room.
    pub room: RoomId,
    /// The user.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// When they last joined.
    pub joined_at: Timestamp,
    /// When they left or were removed; `None` for a current member.
    pub left_at: Option<Timestamp>,
    /// They may read only messages after this one.
    pub from_seq: Seq,
    /// The rev of the last change to this membership.
    pub rev: Rev,
    /// How far they have come.
    pub cursors: Cursors,
    /// Until when an admin has silenced them, that is, they may not write.
    pub silenced_until: Option<Timestamp>,
    /// Whether they want to be notified of messages.
    pub notifications: Notifications,
}

impl Membership {
    /// The membership of a plain member who joins now. The room's history setting decides where their
    /// readable history begins, and their cursors start there. The store assigns its rev.
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

    /// Adjusts the membership of a returning user: cursors that were further on stay there, the
    /// notification setting is kept, and so is a silence, which leaving and rejoining must not lift.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        Self {
            cursors: before.cursors.moved(Some(self.from_seq), None),
            silenced_until: before.silenced_until,
            notifications: before.notifications,
            ..self
        }
    }

    /// The number of unread messages: a subtraction of sequence numbers, not a count over the log.
    pub const fn unread(&self, room: &Room) -> i64 {
        room.last_seq.after(self.cursors.read)
    }

    /// Until when the member is silenced, if they are. A silence has no effect on admins and owners: that
    /// of a member who was promoted takes effect again if they are demoted before it ends.
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
