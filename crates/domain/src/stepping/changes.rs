//! What a store has to keep after steps were carried out.

use crate::port::members::Ban;
use crate::port::rooms::Outcome;
use crate::{Invite, InviteCode, Membership, UserId};

/// What steps have changed, all that there is to keep of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// What the act's caller is told.
    pub outcome: Outcome,
    /// Whether the room is other than it was, if only in its counts. Its row is kept once, at the end.
    pub room_moved: bool,
    /// The memberships that are other than they were, by id: those with a new rev, and those that were
    /// silenced, which carries none.
    pub seats: Vec<Membership>,
    /// Who was shut out and let back, in this order.
    pub bans: Vec<BanChange>,
    /// What became of invites, in this order.
    pub invites: Vec<InviteChange>,
}

/// One change to whom a room shuts out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BanChange {
    /// Is shut out; whoever is already, stays so by the earlier ban.
    Set(Ban),
    /// Is shut out no more.
    Lifted(UserId),
}

/// One change to a room's invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteChange {
    /// The one with this code, if it is the room's, has let one more in.
    Spent(InviteCode),
    /// This one is new; nobody may have used its code.
    Made(Invite),
    /// All that were not revoked before are, at the moment of the act.
    AllRevoked,
}
