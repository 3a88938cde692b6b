//! What members may do by their rank: the gates before every rule.

use domain::port::rooms::Scene;
use domain::{Membership, Refusal, Role, RoomKind};

use crate::access::{Inside, outsider};

/// What the two of a direct room are told who would change who belongs to it, or what it is.
pub(super) const DIRECT: Refusal = Refusal::Conflict("a direct room has exactly its two people");

/// The one who acts, where rooms can be changed at all: outsiders are told what they may know, and
/// the two of a direct room that it stays as it is.
pub(super) fn insider(scene: &Scene) -> Result<&Membership, Refusal> {
    let Some(membership) = &scene.actor.membership else {
        return Err(outsider(scene.room.kind, scene.actor.banned));
    };
    match scene.room.kind {
        RoomKind::Direct(_) => Err(DIRECT),
        RoomKind::Public | RoomKind::Private => Ok(membership),
    }
}

/// Refuses those of a lower rank.
pub(super) fn at_least(role: Role, membership: &Membership) -> Result<(), Refusal> {
    if membership.role >= role {
        Ok(())
    } else {
        Err(Refusal::Forbidden)
    }
}

/// Lets those in who look after a room: what admins read is no rule's decision.
pub(super) fn keeper(inside: &Inside) -> Result<(), Refusal> {
    match inside.room.kind {
        RoomKind::Direct(_) => Err(DIRECT),
        RoomKind::Public | RoomKind::Private => at_least(Role::Admin, &inside.membership),
    }
}
