//! The setting for tables of permissions: a user for every role in every kind of room.

use std::sync::Arc;
use std::time::Duration;

use domain::port::messages::{Amended, Amendment, Change};
use domain::port::rooms::{NewRoom, Step};
use domain::{Message, MessageBody, MessageId, Refusal, Role, RoomId, Seq};

use super::World;
use crate::messages::{NewPost, PostMessage, Standings};
use crate::{Caller, Error};

/// A world with a public, a private and a direct room.
///
/// Every user has posted in all rooms that they ever belonged to; the stranger has left again.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) standings: Arc<Standings>,
    /// Belongs to every room as a plain member, and is the other participant of the direct room.
    pub(crate) author: Caller,
    pub(crate) stranger: Caller,
    pub(crate) banned: Caller,
    pub(crate) member: Caller,
    pub(crate) silenced: Caller,
    pub(crate) admin: Caller,
    pub(crate) owner: Caller,
    pub(crate) public: RoomId,
    pub(crate) private: RoomId,
    pub(crate) direct: RoomId,
}

/// Where something is attempted.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) room: RoomId,
    /// An unchanged message of the author's in that room.
    pub(crate) others: MessageId,
    /// A message by the user who makes the attempt; in the direct room, the stranger has none.
    pub(crate) own: MessageId,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let world = World::new();
        let author = world.user("author").await;
        let stranger = world.user("stranger").await;
        let banned = world.user("banned").await;
        let member = world.user("member").await;
        let silenced = world.user("silenced").await;
        let admin = world.user("admin").await;
        let owner = world.user("owner").await;
        let public = world.room(&owner).await.id;
        let private = world.private_room(&owner).await.id;
        let direct = world.direct(&member, &author).await.id;
        let stage = Self {
            standings: Arc::new(Standings::new(&world.ports)),
            world,
            author,
            stranger,
            banned,
            member,
            silenced,
            admin,
            owner,
            public,
            private,
            direct,
        };
        stage.fill(public).await;
        stage.fill(private).await;
        stage
    }

    /// Posts under the limits of this world.
    pub(crate) fn poster(&self) -> PostMessage {
        PostMessage::new(&self.world.ports, &self.standings, &self.world.policy)
    }

    /// Adds every user to a room in their role.
    async fn fill(&self, room: RoomId) {
        let Self { world, .. } = self;
        for who in [&self.author, &self.stranger, &self.banned, &self.member] {
            world.join(room, who).await;
        }
        world.join(room, &self.silenced).await;
        world.join_as(room, &self.admin, Role::Admin).await;
        world.leave(room, &self.stranger).await;
        world.ban(room, &self.banned).await;
        self.silence(room, &self.silenced).await;
    }

    /// Silences a user for an hour.
    pub(crate) async fn silence(&self, room: RoomId, who: &Caller) {
        let step = Step::Silence {
            user: who.user,
            until: Some(self.world.now() + Duration::from_hours(1)),
        };
        self.world.act(room, self.owner.user, vec![step]).await;
    }

    /// A public room of the owner's whose history begins for each member when they join. The member
    /// joined after the first message; the second message is the owner's, too.
    pub(crate) async fn joined_room(&self) -> (RoomId, Message, Message) {
        let joined = |room: &mut NewRoom| room.history = domain::History::Joined;
        let room = self.world.room_with(&self.owner, joined).await.id;
        let before = self
            .world
            .post(room, &self.owner, "before the member")
            .await;
        self.world.join(room, &self.member).await;
        let after = self.world.post(room, &self.owner, "after the member").await;
        (room, before, after)
    }

    /// Deletes a message.
    pub(crate) async fn delete(&self, message: &Message) {
        let amendment = Amendment {
            message: message.id,
            room: message.room,
            by: message.sender,
            at: self.world.now(),
            change: Change::Delete,
            events: Vec::new(),
        };
        let amended = self.world.ports.messages.amend(&amendment).await.unwrap();
        assert!(matches!(amended, Amended::Changed(_)));
    }

    /// A deleted message of this sender.
    pub(crate) async fn tombstone(&self, room: RoomId, sender: &Caller) -> MessageId {
        let message = self.world.post(room, sender, "oops").await;
        self.delete(&message).await;
        message.id
    }

    /// The outcome of an attempt by every user in every room, one line per room.
    ///
    /// First the public and the private one with the outcomes for stranger, banned, member,
    /// silenced, admin and owner, then the direct one with those for stranger and member.
    pub(crate) async fn table<T>(
        &self,
        attempt: impl AsyncFn(Caller, Spot) -> Result<T, Error>,
    ) -> [String; 3] {
        let seats = [
            self.stranger,
            self.banned,
            self.member,
            self.silenced,
            self.admin,
            self.owner,
        ];
        [
            self.line(self.public, &seats, &attempt).await,
            self.line(self.private, &seats, &attempt).await,
            self.line(self.direct, &[self.stranger, self.member], &attempt)
                .await,
        ]
    }

    async fn line<T>(
        &self,
        room: RoomId,
        seats: &[Caller],
        attempt: &impl AsyncFn(Caller, Spot) -> Result<T, Error>,
    ) -> String {
        let mut verdicts = Vec::new();
        for who in seats {
            let spot = Spot {
                room,
                others: self.world.post(room, &self.author, "others").await.id,
                own: self.world.post(room, who, "own").await.id,
            };
            verdicts.push(verdict(attempt(*who, spot).await));
        }
        verdicts.join(" ")
    }
}

/// A post with this text and nothing else.
pub(crate) fn says(text: &str) -> NewPost {
    NewPost {
        id: None,
        body: body(text),
        client_id: None,
        reply_to: None,
        attachments: Vec::new(),
    }
}

/// A message body.
pub(crate) fn body(text: &str) -> MessageBody {
    MessageBody::parse(text).unwrap()
}

/// A sequence number.
pub(crate) fn seq(number: i64) -> Seq {
    Seq::new(number).unwrap()
}

fn verdict<T>(answer: Result<T, Error>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(Error::Refused(Refusal::NotFound)) => "unknown",
        Err(Error::Refused(Refusal::Forbidden)) => "forbidden",
        Err(Error::Refused(Refusal::Banned)) => "banned",
        Err(Error::Refused(Refusal::Muted { .. })) => "muted",
        Err(Error::Refused(Refusal::Conflict(_))) => "conflict",
        Err(other) => panic!("{other:?}"),
    }
}
