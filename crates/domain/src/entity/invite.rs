//! Invites into private rooms.

use crate::{InviteCode, RoomId, Timestamp, UserId};

/// A link that admits its bearer to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// The secret in the link.
    pub code: InviteCode,
    /// The room that it admits to.
    pub room: RoomId,
    /// Who created it.
    pub created_by: UserId,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires, if ever.
    pub expires_at: Option<Timestamp>,
    /// How often it may be used, if that is limited.
    pub max_uses: Option<i64>,
    /// How often it has been used.
    pub uses: i64,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Whether an invite is valid at a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteUse {
    /// It admits its bearer.
    Good,
    /// It has expired, is used up, or was revoked.
    Over,
}

impl Invite {
    /// A private room's standing invite, which has no use limit and does not expire.
    pub const fn standing(room: RoomId, code: InviteCode, by: UserId, at: Timestamp) -> Self {
        Self {
            code,
            room,
            created_by: by,
            created_at: at,
            expires_at: None,
            max_uses: None,
            uses: 0,
            revoked_at: None,
        }
    }

    /// Whether the invite is valid now.
    pub fn worth(&self, now: Timestamp) -> InviteUse {
        let expired = self.expires_at.is_some_and(|end| end <= now);
        let used_up = self.max_uses.is_some_and(|max| self.uses >= max);
        if expired || used_up || self.revoked_at.is_some() {
            InviteUse::Over
        } else {
            InviteUse::Good
        }
    }

    /// Whether it admits to a room now.
    pub fn admits_to(&self, room: RoomId, now: Timestamp) -> bool {
        self.room == room && self.worth(now) == InviteUse::Good
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn invite() -> Invite {
        Invite {
            code: InviteCode::from_bits([7; 16]),
            room: RoomId::from_uuid(Uuid::nil()),
            created_by: UserId::from_uuid(Uuid::nil()),
            created_at: Timestamp::from_millis(0),
            expires_at: Some(Timestamp::from_millis(100)),
            max_uses: Some(2),
            uses: 1,
            revoked_at: None,
        }
    }

    #[test]
    fn an_invite_ends_by_time_by_uses_or_by_hand() {
        let now = Timestamp::from_millis(99);
        assert_eq!(invite().worth(now), InviteUse::Good);
        assert_eq!(invite().worth(Timestamp::from_millis(100)), InviteUse::Over);
        assert_eq!(
            Invite {
                uses: 2,
                ..invite()
            }
            .worth(now),
            InviteUse::Over
        );
        assert_eq!(
            Invite {
                revoked_at: Some(now),
                ..invite()
            }
            .worth(now),
            InviteUse::Over
        );
    }

    #[test]
    fn an_invite_admits_to_its_room_only() {
        let now = Timestamp::from_millis(99);
        let (room, other) = (invite().room, RoomId::from_uuid(Uuid::from_u128(1)));
        assert!(invite().admits_to(room, now));
        assert!(!invite().admits_to(other, now));
        assert!(!invite().admits_to(room, Timestamp::from_millis(100)));
    }
}
