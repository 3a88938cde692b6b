//! The ports that share one store, and some helpers for tests.

use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;

use domain::port::messages::{Appended, NewMessage};
use domain::port::rooms::{Act, Created, Decided, NewDirect, NewRoom, Outcome, Step};
use domain::port::users::{NewUser, Registered};
use domain::port::{
    Blocks, CursorStore, Invites, MediaStore, Members, Messages, Outbox, RoomLog, Rooms, Search,
    Sessions, Upkeep, Users, WebhookLog, Webhooks,
};
use domain::{
    DisplayName, Email, History, InviteCode, Message, MessageBody, Pair, PasswordHash, Room,
    RoomId, RoomName, User, UserId, Username,
};

use crate::made::{act, decision, room_id};
use crate::{at, fresh, unique};

/// All ports that one store serves.
#[derive(Clone)]
pub struct Store {
    pub users: Arc<dyn Users>,
    pub blocks: Arc<dyn Blocks>,
    pub rooms: Arc<dyn Rooms>,
    pub members: Arc<dyn Members>,
    pub invites: Arc<dyn Invites>,
    pub messages: Arc<dyn Messages>,
    pub cursors: Arc<dyn CursorStore>,
    pub room_log: Arc<dyn RoomLog>,
    pub search: Arc<dyn Search>,
    pub media: Arc<dyn MediaStore>,
    pub outbox: Arc<dyn Outbox>,
    pub webhooks: Arc<dyn Webhooks>,
    pub webhook_log: Arc<dyn WebhookLog>,
    pub upkeep: Arc<dyn Upkeep>,
    /// Set if the store holds sessions as well, so that its upkeep clears them.
    pub sessions: Option<Arc<dyn Sessions>>,
}

/// An opened adapter together with what it depends on, such as a temporary folder.
pub struct Kept<T> {
    opened: T,
    _ground: Box<dyn Any + Send>,
}

impl<T> Kept<T> {
    /// Keeps the ground alive as long as what was opened.
    pub fn on(opened: T, ground: impl Any + Send) -> Self {
        Self {
            opened,
            _ground: Box::new(ground),
        }
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.opened
    }
}

impl Store {
    /// Registers a user with a fresh name and e-mail address.
    pub async fn user(&self) -> User {
        let name = unique("u");
        self.user_called(&name, &name).await
    }

    /// Registers a user with these names.
    pub async fn user_called(&self, username: &str, display_name: &str) -> User {
        let new = NewUser {
            id: fresh(),
            username: Username::parse(username).unwrap(),
            display_name: DisplayName::parse(display_name).unwrap(),
            email: Email::parse(format!("{}@example.org", unique("u"))).unwrap(),
            password: PasswordHash::from_string("hash".to_owned()),
            at: at(0),
        };
        match self.users.register(&new).await.unwrap() {
            Registered::Created(user) => user,
            other => panic!("{other:?}"),
        }
    }

    /// Registers `N` users.
    pub async fn people<const N: usize>(&self) -> [UserId; N] {
        let mut ids = [UserId::from_uuid(uuid::Uuid::nil()); N];
        for id in &mut ids {
            *id = self.user().await.id;
        }
        ids
    }

    /// Creates a public room whose history is open to all, with these members.
    pub async fn room(&self, owner: UserId, others: &[UserId]) -> Room {
        self.room_with(owner, others, |_| ()).await
    }

    /// Creates a private room with a standing invite.
    pub async fn private_room(&self, owner: UserId, others: &[UserId]) -> Room {
        let code = InviteCode::from_bits(fresh::<RoomId>().as_uuid().into_bytes());
        self.room_with(owner, others, |room| room.standing_invite = Some(code))
            .await
    }

    /// Creates a room in which new members read only later messages.
    pub async fn room_of_joined_history(&self, owner: UserId, others: &[UserId]) -> Room {
        self.room_with(owner, others, |room| room.history = History::Joined)
            .await
    }

    /// Creates a room that differs from the usual one.
    pub async fn room_with(
        &self,
        owner: UserId,
        others: &[UserId],
        change: impl FnOnce(&mut NewRoom),
    ) -> Room {
        let mut new = NewRoom {
            id: room_id(),
            name: RoomName::parse(unique("room ")).unwrap(),
            description: None,
            standing_invite: None,
            history: History::All,
            owner,
            members: others.to_vec(),
            unique_name: false,
            at: at(0),
            events: Vec::new(),
        };
        change(&mut new);
        match self.rooms.create(&new).await.unwrap() {
            Created::Made(room) => room,
            Created::NameTaken => panic!("name taken"),
        }
    }

    /// Opens the direct room of two users.
    pub async fn direct(&self, one: UserId, other: UserId) -> Room {
        let direct = NewDirect {
            id: room_id(),
            pair: Pair::of(one, other).unwrap(),
            at: at(0),
            events: Vec::new(),
        };
        self.rooms.open_direct(&direct).await.unwrap().room
    }

    /// A room in its current state.
    pub async fn present(&self, room: RoomId) -> Room {
        let mut found = self.rooms.find(&[room]).await.unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    /// Carries out steps on a room, on behalf of the owner or anybody else.
    pub async fn act(&self, room: RoomId, actor: UserId, steps: Vec<Step>) -> Outcome {
        self.carry_out(&act(room, actor), steps).await
    }

    /// Carries out steps as this act.
    pub async fn carry_out(&self, act: &Act, steps: Vec<Step>) -> Outcome {
        let decision = decision(steps);
        match self
            .rooms
            .decide(act, &|_| Ok(decision.clone()))
            .await
            .unwrap()
        {
            Decided::Done(outcome) => *outcome,
            other => panic!("{other:?}"),
        }
    }

    /// Adds a user to a room.
    pub async fn join(&self, room: RoomId, user: UserId) -> Outcome {
        self.act(room, user, vec![Step::Admit { user }]).await
    }

    /// Removes a user from a room.
    pub async fn leave(&self, room: RoomId, user: UserId) -> Outcome {
        self.act(room, user, vec![Step::Depart { user }]).await
    }

    /// Deletes a room.
    pub async fn delete_room(&self, room: RoomId, owner: UserId) -> Outcome {
        self.act(room, owner, vec![Step::Delete]).await
    }

    /// Posts a text and returns the stored message.
    pub async fn post(&self, room: RoomId, sender: UserId, text: &str) -> Message {
        self.append(new_message(room, sender, text)).await
    }

    /// Posts a message that mentions these users.
    pub async fn mention(&self, room: RoomId, sender: UserId, mentions: &[UserId]) -> Message {
        let mut new = new_message(room, sender, "somebody");
        new.mentions = mentions.to_vec();
        self.append(new).await
    }

    /// Posts a message that must be stored.
    pub async fn append(&self, new: NewMessage) -> Message {
        let mut answers = self.messages.append(&[new]).await.unwrap();
        assert_eq!(answers.len(), 1);
        match answers.remove(0) {
            Appended::Stored(stored) => stored.message,
            other => panic!("{other:?}"),
        }
    }
}

/// A message with this text, and nothing more.
pub fn new_message(room: RoomId, sender: UserId, text: &str) -> NewMessage {
    NewMessage {
        id: fresh(),
        room,
        sender,
        body: MessageBody::parse(text).unwrap(),
        client: None,
        reply_to: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        at: at(2),
        events: Vec::new(),
        only_for_webhooks: false,
    }
}
