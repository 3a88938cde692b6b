//! What a store has to write after applying steps.

use crate::port::members::Ban;
use crate::port::rooms::Outcome;
use crate::{Invite, InviteCode, Membership, UserId};

/// Everything that has changed and must be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// What the caller is told.
    pub outcome: Outcome,
    /// Whether anything in the room's row changed, if only a count. The row is written once, at the end.
    pub room_moved: bool,
    /// The changed memberships by user id: those with a new rev, and silenced ones, which get none.
    pub seats: Vec<Membership>,
    /// The bans that were set and lifted, in this order.
    pub bans: Vec<BanChange>,
    /// The changes to invites, in this order.
    pub invites: Vec<InviteChange>,
}

/// One change to a room's bans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BanChange {
    /// The user is banned; if they already are, the earlier ban stays.
    Set(Ban),
    /// The user's ban is lifted.
    Lifted(UserId),
}

/// One change to a room's invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteChange {
    /// The invite with this code, if it is one of the room's, was used once more.
    Spent(InviteCode),
    /// A new invite, with a code that no other invite has.
    Made(Invite),
    /// All invites that were not revoked yet are revoked, at the time of the act.
    AllRevoked,
}
