//! Messages with who sent them and how far they have come.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::port::cursors::Floor;
use domain::port::{CursorStore, Users};
use domain::{Cursors, Failure, Message, Room, RoomId, Seq, User, UserId};

use super::people::names;
use crate::{MessageView, Ports, Reach};

/// Rooms with more members than this tell nobody how far a message has come.
const MAX_MEMBERS_FOR_REACH: i64 = 100;

/// Where nobody else has come.
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

    /// Messages of these rooms, in the order given.
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

    /// A message that its sender has posted just now: nothing needs to be asked about it.
    pub(crate) fn just_posted(room: &Room, message: Message, sender: User) -> MessageView {
        let told = room.member_count <= MAX_MEMBERS_FOR_REACH;
        MessageView {
            message,
            sender,
            reach: told.then_some(Reach::Sent),
        }
    }

    /// One message.
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

    /// How far everybody else has come, in each room where the reader's own messages tell it.
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
            // A room without others has no floor of its own: nothing was delivered to anybody.
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
    // A tombstone has come as far as its message had: what it said is gone, not whom it reached.
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

/// Cursors of those who joined later stand at or beyond what they cannot read, so that they hold nobody
/// up; but where there are no others than those, it has reached nobody.
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
