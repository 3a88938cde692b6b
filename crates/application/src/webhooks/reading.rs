//! Reading the current state that an event refers to.

use std::sync::Arc;

use domain::port::bus::{MemberChange, MessageChange, RoomChange};
use domain::port::messages::View;
use domain::port::{Members, Messages, Rooms};
use domain::{Failure, Happening, Message, MessageId, RoomId, Telling};

use crate::present::Everyone;
use crate::{ChangeView, Ports};

/// What a webhook is sent: what has happened, and the current state of what it happened to.
#[derive(Clone, Debug)]
pub struct Tidings {
    /// The event.
    pub telling: Telling,
    /// The entity concerned, as everybody in the room may see it; `None` if it is gone, or for a
    /// test delivery.
    pub change: Option<ChangeView>,
}

/// Reads the current state of what events refer to.
pub(super) struct Reading {
    everyone: Everyone,
    rooms: Arc<dyn Rooms>,
    members: Arc<dyn Members>,
    messages: Arc<dyn Messages>,
}

impl Reading {
    pub(super) fn new(ports: &Ports, everyone: Everyone) -> Self {
        Self {
            everyone,
            rooms: Arc::clone(&ports.rooms),
            members: Arc::clone(&ports.members),
            messages: Arc::clone(&ports.messages),
        }
    }

    /// What to send; `None` if the message has been deleted, or is gone with its room.
    pub(super) async fn read(&self, telling: &Telling) -> Result<Option<Tidings>, Failure> {
        let tidings = |change| Tidings {
            telling: *telling,
            change,
        };
        let (Some(room), Some(what)) = (telling.room, telling.what) else {
            return Ok(Some(tidings(None)));
        };
        let change = match what {
            Happening::MessageCreated(id) => self.standing(room, id, MessageChange::Created).await,
            Happening::MessageEdited(id) => self.standing(room, id, MessageChange::Updated).await,
            Happening::MessageDeleted(id) => {
                let message = self.message(room, id).await?;
                Ok(message.map(|it| RoomChange::Message(Box::new(it), MessageChange::Deleted)))
            }
            Happening::MemberJoined(user) => {
                let found = self.members.find(room, &[user]).await?.pop();
                Ok(found.map(|it| RoomChange::Member(it, MemberChange::Joined)))
            }
            Happening::MemberLeft(user) => {
                let found = self.members.find_ever(room, &[user]).await?.pop();
                Ok(found.map(|it| RoomChange::Member(it, MemberChange::Left)))
            }
            Happening::RoomCreated | Happening::RoomUpdated => {
                let found = self.rooms.find(&[room]).await?.pop();
                Ok(found.map(|room| RoomChange::Room(Box::new(room))))
            }
            Happening::RoomDeleted | Happening::MediaUploaded(_) => {
                return Ok(Some(tidings(None)));
            }
        };
        let Some(change) = change? else {
            return Ok(None);
        };
        let shown = self.everyone.show(vec![(room, vec![change])]).await?;
        let view = shown.into_iter().flat_map(|(_, views)| views).next();
        Ok(Some(tidings(view)))
    }

    async fn message(&self, room: RoomId, id: MessageId) -> Result<Option<Message>, Failure> {
        let reader = View::whole(room).reader;
        Ok(self.messages.find(&[id], reader).await?.pop())
    }

    /// A message, unless it was deleted: the deletion is reported by an event of its own.
    async fn standing(
        &self,
        room: RoomId,
        id: MessageId,
        how: MessageChange,
    ) -> Result<Option<RoomChange>, Failure> {
        let found = self.message(room, id).await?;
        let standing = found.filter(|message| message.deleted_at.is_none());
        Ok(standing.map(|message| RoomChange::Message(Box::new(message), how)))
    }
}
