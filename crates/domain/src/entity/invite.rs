//! Invites into private rooms.

use crate::{InviteCode, RoomId, Timestamp, UserId};

/// A link that lets its bearer into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// The secret in the link.
    pub code: InviteCode,
    /// Where it leads.
    pub room: RoomId,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// How many people it lets in.
    pub max_uses: Option<i64>,
    /// How many it has let in.
    pub uses: i64,
    /// When somebody took it back.
    pub revoked_at: Option<Timestamp>,
}

/// What an invite is worth at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteUse {
    /// It lets its bearer in.
    Good,
    /// It has expired, is used up, or was revoked.
    Over,
}

impl Invite {
    /// The one that a private room has at hand: for as many as it is shown to, for ever.
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

    /// What the invite is worth now.
    pub fn worth(&self, now: Timestamp) -> InviteUse {
        let expired = self.expires_at.is_some_and(|end| end <= now);
        let used_up = self.max_uses.is_some_and(|max| self.uses >= max);
        if expired || used_up || self.revoked_at.is_some() {
            InviteUse::Over
        } else {
            InviteUse::Good
        }
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
}
