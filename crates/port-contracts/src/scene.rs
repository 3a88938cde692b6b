//! More helpers for tests: messages, uploads and events.

use domain::port::messages::{Amended, Appended, Change, NewMessage, Stored};
use domain::port::outbox::Claim;
use domain::port::room_log::Head;
use domain::{Event, Media, MediaId, Membership, Message, MessageId, NodeId, RoomId, UserId};
use uuid::Uuid;

use crate::made::{KEPT_LANES, amendment, new_media, reply, with_uploads};
use crate::{Store, at};

impl Store {
    /// Posts `N` messages with the texts "post 1", "post 2" and so on.
    pub async fn posts<const N: usize>(&self, room: RoomId, sender: UserId) -> [Message; N] {
        let mut posted = Vec::with_capacity(N);
        for number in 1..=N {
            posted.push(self.post(room, sender, &format!("post {number}")).await);
        }
        posted.try_into().unwrap()
    }

    /// Posts a reply to a message.
    pub async fn reply(&self, to: &Message, sender: UserId, text: &str) -> Stored {
        self.store(reply(to, sender, text)).await
    }

    /// Posts a message that must be stored, and returns everything that this changed.
    pub async fn store(&self, new: NewMessage) -> Stored {
        match self.try_append(new).await {
            Appended::Stored(stored) => *stored,
            other => panic!("{other:?}"),
        }
    }

    /// Posts a message, and returns the outcome.
    pub async fn try_append(&self, new: NewMessage) -> Appended {
        let mut answers = self.messages.append(&[new]).await.unwrap();
        assert_eq!(answers.len(), 1);
        answers.remove(0)
    }

    /// Changes a message, which must have an effect.
    pub async fn change(&self, message: &Message, by: UserId, change: Change) -> Message {
        match self.amend(message, by, change).await {
            Amended::Changed(changed) => changed,
            other => panic!("{other:?}"),
        }
    }

    /// Changes a message, and returns the outcome.
    pub async fn amend(&self, message: &Message, by: UserId, change: Change) -> Amended {
        self.messages
            .amend(&amendment(message, by, change))
            .await
            .unwrap()
    }

    /// A message as a user sees it.
    pub async fn seen(&self, message: MessageId, reader: UserId) -> Message {
        let mut found = self.messages.find(&[message], reader).await.unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    /// A room's head.
    pub async fn head(&self, room: RoomId) -> Head {
        let mut heads = self.room_log.heads(&[room]).await.unwrap();
        assert_eq!(heads.len(), 1);
        heads.remove(0)
    }

    /// A user's membership in a room.
    pub async fn seat(&self, room: RoomId, user: UserId) -> Membership {
        let access = self.rooms.access(room, user).await.unwrap();
        access.unwrap().membership.unwrap()
    }

    /// Stores an upload for a room.
    pub async fn upload(&self, owner: UserId, room: RoomId) -> Media {
        let media = new_media(owner, Some(room));
        self.media
            .create(&media, crate::made::DIGEST, &[])
            .await
            .unwrap();
        media
    }

    /// Posts a message with these uploads.
    pub async fn attach(&self, room: RoomId, sender: UserId, uploads: &[MediaId]) -> Message {
        self.append(with_uploads(room, sender, uploads)).await
    }

    /// Those of these events that wait in the outbox, in the order in which they would leave it.
    pub async fn waiting(&self, events: &[Event]) -> Vec<Event> {
        let mut lanes: Vec<u8> = events.iter().map(Event::lane).collect();
        lanes.sort_unstable();
        lanes.dedup();
        let kept = lanes.iter().any(|lane| KEPT_LANES.contains(lane));
        assert!(!kept, "take an id of `room_id`");
        let claim = Claim {
            lanes,
            // The same holder for all who only look, so that they never lock each other out.
            holder: NodeId::from_uuid(Uuid::from_u128(1)),
            now: at(0),
            until: at(1_000),
            limit: 10_000,
        };
        let mut waiting = self.outbox.claim(&claim).await.unwrap();
        waiting.retain(|event| events.contains(event));
        waiting
    }
}
