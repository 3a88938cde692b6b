//! What members may do by their rank: the checks that precede every rule.

use domain::port::rooms::Scene;
use domain::{Membership, Refusal, Role, RoomKind};

use crate::access::{Inside, outsider};

/// The refusal for a participant who tries to change the membership or properties of a direct room.
pub(super) const DIRECT: Refusal = Refusal::Conflict("a direct room has exactly its two people");

/// The actor's membership, if the room can be changed at all: outsiders are refused with what they
/// may know, and participants of a direct room because it cannot change.
pub(super) fn insider(scene: &Scene) -> Result<&Membership, Refusal> {
    let Some(membership) = &scene.actor.membership else {
        return Err(outsider(scene.room.kind, scene.actor.banned));
    };
    match scene.room.kind {
        RoomKind::Direct(_) => Err(DIRECT),
        RoomKind::Public | RoomKind::Private => Ok(membership),
    }
}

/// Refuses members of a lower rank.
pub(super) fn at_least(role: Role, membership: &Membership) -> Result<(), Refusal> {
    if membership.role >= role {
        Ok(())
    } else {
        Err(Refusal::Forbidden)
    }
}

/// Admits only moderators, for reads that no rule decides on.
pub(super) fn keeper(inside: &Inside) -> Result<(), Refusal> {
    match inside.room.kind {
        RoomKind::Direct(_) => Err(DIRECT),
        RoomKind::Public | RoomKind::Private => at_least(Role::Admin, &inside.membership),
    }
}
