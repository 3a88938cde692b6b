//! Who may read and write in a room, and what those who may not are told.

use domain::port::messages::View;
use domain::port::rooms::Access;
use domain::port::{Blocks, Messages, Rooms};
use domain::{
    Membership, Message, MessageId, Refusal, Role, Room, RoomId, RoomKind, Seq, Timestamp, UserId,
};

use crate::Error;

/// A room, seen by someone who belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inside {
    /// The room.
    pub(crate) room: Room,
    /// Their membership.
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

    /// Refuses plain members whom an admin keeps from writing.
    pub(crate) fn may_write(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.membership.silenced_at(now) {
            Some(until) => Err(Refusal::Muted { until }),
            None => Ok(()),
        }
    }

    /// Whether what stands at this place is theirs to read.
    pub(crate) fn reads(&self, seq: Seq) -> bool {
        seq > self.membership.from_seq
    }
}

/// Lets a member in, and tells others what they may know.
pub(crate) async fn inside(rooms: &dyn Rooms, room: RoomId, user: UserId) -> Result<Inside, Error> {
    let access = rooms.access(room, user).await?.ok_or(Refusal::NotFound)?;
    Ok(member(access)?)
}

/// The member behind an access.
pub(crate) fn member(access: Access) -> Result<Inside, Refusal> {
    match access.membership {
        Some(membership) => Ok(Inside {
            room: access.room,
            membership,
        }),
        None => Err(outsider(access.room.kind, access.banned)),
    }
}

/// What someone who does not belong is told: of a public room, the truth; of any other, nothing.
pub(crate) const fn outsider(kind: RoomKind, banned: bool) -> Refusal {
    match kind {
        RoomKind::Public if banned => Refusal::Banned,
        RoomKind::Public => Refusal::Forbidden,
        RoomKind::Private | RoomKind::Direct(_) => Refusal::NotFound,
    }
}

/// Whether a member keeps order here. In a direct room, which is nobody's, nobody does.
pub(crate) fn keeps_order(membership: &Membership) -> bool {
    membership.role >= Role::Admin
}

/// Refuses whom the other one of a direct room has blocked.
pub(crate) async fn welcome(blocks: &dyn Blocks, room: &Room, user: UserId) -> Result<(), Error> {
    let RoomKind::Direct(pair) = room.kind else {
        return Ok(());
    };
    if blocks.is_blocked(pair.other(user), user).await? {
        return Err(Refusal::Blocked.into());
    }
    Ok(())
}

/// A message that this person may read, and their place in its room.
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
