//! Messages with their sender and how far they have come.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::port::cursors::Floor;
use domain::port::{CursorStore, Users};
use domain::{Cursors, Failure, Message, Room, RoomId, Seq, User, UserId};

use super::people::names;
use crate::{MessageView, Ports, Reach};

/// In rooms with more members than this, how far a message has come is not shown to anyone.
const MAX_MEMBERS_FOR_REACH: i64 = 100;

/// The floor of a room without other members.
const NOBODY: Floor = Floor {
    cursors: Cursors {
        read: Seq::ZERO,
        delivered: Seq::ZERO,
    },
    from_seq: Seq::ZERO,
};

/// Shows messages to a reader.
#[derive(Clone)]
pub(crate) struct MessageViews {
    users: Arc<dyn Users>,
    cursors: Arc<dyn CursorStore>,
}

impl MessageViews {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            cursors: Arc::clone(&ports.cursors),
        }
    }

    /// Shows messages of these rooms, in the order given.
    pub(crate) async fn show(
        &self,
        reader: UserId,
        rooms: &[&Room],
        messages: Vec<Message>,
    ) -> Result<Vec<MessageView>, Failure> {
        let senders = names(&*self.users, messages.iter().map(|m| m.sender)).await?;
        let floors = self.floors(reader, rooms, &messages).await?;
        messages
            .into_iter()
            .map(|message| view(message, reader, &senders, &floors))
            .collect()
    }

    /// Shows a message that its sender has just posted, without any query.
    pub(crate) fn just_posted(room: &Room, message: Message, sender: User) -> MessageView {
        let told = room.member_count <= MAX_MEMBERS_FOR_REACH;
        MessageView {
            message,
            sender,
            reach: told.then_some(Reach::Sent),
        }
    }

    /// Shows one message.
    pub(crate) async fn show_one(
        &self,
        reader: UserId,
        room: &Room,
        message: Message,
    ) -> Result<MessageView, Failure> {
        let senders = names(&*self.users, [message.sender]).await?;
        let floors = self
            .floors(reader, &[room], std::slice::from_ref(&message))
            .await?;
        view(message, reader, &senders, &floors)
    }

    /// The minimum of all other members' cursors, in each room that contains messages of the
    /// reader's own.
    async fn floors(
        &self,
        reader: UserId,
        rooms: &[&Room],
        messages: &[Message],
    ) -> Result<HashMap<RoomId, Floor>, Failure> {
        let sent = messages.iter().filter(|message| message.sender == reader);
        let own: HashSet<RoomId> = sent.map(|message| message.room).collect();
        let telling: Vec<RoomId> = rooms
            .iter()
            .filter(|room| room.member_count <= MAX_MEMBERS_FOR_REACH && own.contains(&room.id))
            .map(|room| room.id)
            .collect();
        let mut floors: HashMap<RoomId, Floor> = HashMap::new();
        if !telling.is_empty() {
            // The store reports no floor for a room without other members: nothing was delivered to
            // anybody.
            floors.extend(telling.iter().map(|room| (*room, NOBODY)));
            floors.extend(self.cursors.floors(&telling, reader).await?);
        }
        Ok(floors)
    }
}

fn view(
    message: Message,
    reader: UserId,
    senders: &HashMap<UserId, User>,
    floors: &HashMap<RoomId, Floor>,
) -> Result<MessageView, Failure> {
    let sender = senders.get(&message.sender).cloned().ok_or_else(|| {
        let missing = format!("message {} has an unknown sender", message.id);
        Failure::lasting("users", "find a sender", missing)
    })?;
    // A tombstone keeps the reach of its message: its text is gone, but not whom it had reached.
    let reach = floors
        .get(&message.room)
        .filter(|_| message.sender == reader)
        .map(|floor| reach(message.seq, floor));
    Ok(MessageView {
        message,
        sender,
        reach,
    })
}

/// Cursors of members who joined later start at or beyond what they cannot read, so these members
/// hold nothing back; but if there are no others, the message has reached nobody.
fn reach(seq: Seq, floor: &Floor) -> Reach {
    if floor.from_seq >= seq {
        Reach::Sent
    } else if floor.cursors.read >= seq {
        Reach::Read
    } else if floor.cursors.delivered >= seq {
        Reach::Delivered
    } else {
        Reach::Sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::seq;

    #[test]
    fn what_nobody_else_may_read_has_reached_nobody() {
        let floor = |from, read, delivered| Floor {
            cursors: Cursors {
                read: seq(read),
                delivered: seq(delivered),
            },
            from_seq: seq(from),
        };
        let reach = |place, floor| reach(seq(place), &floor);
        assert_eq!(reach(2, floor(2, 2, 2)), Reach::Sent);
        assert_eq!(reach(2, floor(3, 5, 5)), Reach::Sent);
        assert_eq!(reach(3, floor(2, 2, 2)), Reach::Sent);
        assert_eq!(reach(3, floor(2, 2, 3)), Reach::Delivered);
        assert_eq!(reach(3, floor(2, 3, 3)), Reach::Read);
        assert_eq!(reach(1, floor(0, 0, 0)), Reach::Sent);
    }
}
