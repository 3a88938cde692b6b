//! Who may read and write in a room, and what a refused caller may learn.

use domain::port::messages::View;
use domain::port::rooms::Access;
use domain::port::{Blocks, Messages, Rooms};
use domain::{
    Membership, Message, MessageId, Refusal, Role, Room, RoomId, RoomKind, Seq, Timestamp, UserId,
};

use crate::Error;

/// A room together with the membership of a user who belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inside {
    /// The room.
    pub(crate) room: Room,
    /// The user's membership.
    pub(crate) membership: Membership,
}

impl Inside {
    /// The room as this member may read it.
    pub(crate) fn view(&self) -> View {
        View {
            room: self.room.id,
            reader: self.membership.user,
            floor: self.membership.from_seq,
        }
    }

    /// Refuses a member whom an admin has silenced.
    pub(crate) fn may_write(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.membership.silenced_at(now) {
            Some(until) => Err(Refusal::Muted { until }),
            None => Ok(()),
        }
    }

    /// Whether the message with this sequence number is visible to the member.
    pub(crate) fn reads(&self, seq: Seq) -> bool {
        seq > self.membership.from_seq
    }
}

/// Returns the room and membership if `user` is a member, and the appropriate refusal otherwise.
pub(crate) async fn inside(rooms: &dyn Rooms, room: RoomId, user: UserId) -> Result<Inside, Error> {
    let access = rooms.access(room, user).await?.ok_or(Refusal::NotFound)?;
    Ok(member(access)?)
}

/// Extracts the member from an access, or refuses an outsider.
pub(crate) fn member(access: Access) -> Result<Inside, Refusal> {
    match access.membership {
        Some(membership) => Ok(Inside {
            room: access.room,
            membership,
        }),
        None => Err(outsider(access.room.kind, access.banned)),
    }
}

/// What a non-member is told: the real reason for a public room, and that it does not exist
/// otherwise.
pub(crate) const fn outsider(kind: RoomKind, banned: bool) -> Refusal {
    match kind {
        RoomKind::Public if banned => Refusal::Banned,
        RoomKind::Public => Refusal::Forbidden,
        RoomKind::Private | RoomKind::Direct(_) => Refusal::NotFound,
    }
}

/// Whether a member may moderate here. Direct rooms have no owner or admins, so nobody may.
pub(crate) fn keeps_order(membership: &Membership) -> bool {
    membership.role >= Role::Admin
}

/// Refuses a user who was blocked by the other participant of a direct room.
pub(crate) async fn welcome(blocks: &dyn Blocks, room: &Room, user: UserId) -> Result<(), Error> {
    let RoomKind::Direct(pair) = room.kind else {
        return Ok(());
    };
    if blocks.is_blocked(pair.other(user), user).await? {
        return Err(Refusal::Blocked.into());
    }
    Ok(())
}

/// A message that the reader may see, together with their access to its room.
pub(crate) async fn readable(
    rooms: &dyn Rooms,
    messages: &dyn Messages,
    id: MessageId,
    reader: UserId,
) -> Result<(Message, Inside), Error> {
    let message = messages
        .find(&[id], reader)
        .await?
        .pop()
        .ok_or(Refusal::NotFound)?;
    let inside = inside(rooms, message.room, reader).await?;
    if inside.reads(message.seq) {
        Ok((message, inside))
    } else {
        Err(Refusal::NotFound.into())
    }
}
