//! Rooms, their members and messages.

use domain::port::IdsExt as _;
use domain::port::cursors::{CursorMove, Moved};
use domain::port::messages::{Appended, NewMessage};
use domain::port::rooms::{Act, Created, Decided, Decision, NewDirect, NewRoom, Outcome, Step};
use domain::{
    Cursors, History, Membership, Message, MessageBody, Pair, Role, Room, RoomId, RoomName, UserId,
};

use super::World;
use crate::Caller;

impl World {
    /// Makes a public room with full history.
    pub(crate) async fn room(&self, owner: &Caller) -> Room {
        self.room_with(owner, |_| ()).await
    }

    /// Makes a private room with a standing invite.
    pub(crate) async fn private_room(&self, owner: &Caller) -> Room {
        let code = self.ports.ids.invite_code();
        self.room_with(owner, |room| room.standing_invite = Some(code))
            .await
    }

    /// Makes a room after a change to the usual one.
    pub(crate) async fn room_with(
        &self,
        owner: &Caller,
        change: impl FnOnce(&mut NewRoom),
    ) -> Room {
        let mut new = NewRoom {
            id: self.ports.ids.next(),
            name: RoomName::parse("a room").unwrap(),
            description: None,
            standing_invite: None,
            history: History::All,
            owner: owner.user,
            members: Vec::new(),
            unique_name: false,
            at: self.now(),
            events: Vec::new(),
        };
        change(&mut new);
        match self.ports.rooms.create(&new).await.unwrap() {
            Created::Made(room) => room,
            Created::NameTaken => panic!("name taken"),
        }
    }

    /// Opens the direct room of two users.
    pub(crate) async fn direct(&self, one: &Caller, other: &Caller) -> Room {
        let direct = NewDirect {
            id: self.ports.ids.next(),
            pair: Pair::of(one.user, other.user).unwrap(),
            at: self.now(),
            events: Vec::new(),
        };
        self.ports.rooms.open_direct(&direct).await.unwrap().room
    }

    /// Carries out steps on a room without checking permissions.
    pub(crate) async fn act(&self, room: RoomId, actor: UserId, steps: Vec<Step>) -> Outcome {
        let act = Act {
            room,
            actor,
            subject: actor,
            invite: None,
            at: self.now(),
        };
        let decision = Decision {
            steps,
            events: Vec::new(),
        };
        let rule = |_: &_| Ok(decision.clone());
        match self.ports.rooms.decide(&act, &rule).await.unwrap() {
            Decided::Done(outcome) => *outcome,
            other @ (Decided::Refused(_) | Decided::Unknown) => panic!("{other:?}"),
        }
    }

    /// A user's membership.
    pub(crate) async fn membership(&self, room: RoomId, who: &Caller) -> Membership {
        let access = self.ports.rooms.access(room, who.user).await;
        access.unwrap().unwrap().membership.unwrap()
    }

    /// Admits a user to a room.
    pub(crate) async fn join(&self, room: RoomId, who: &Caller) -> Outcome {
        let steps = vec![Step::Admit { user: who.user }];
        self.act(room, who.user, steps).await
    }

    /// Admits a user to a room with a role other than the owner's.
    pub(crate) async fn join_as(&self, room: RoomId, who: &Caller, role: Role) -> Outcome {
        let user = who.user;
        let steps = vec![Step::Admit { user }, Step::GiveRole { user, role }];
        self.act(room, user, steps).await
    }

    /// Removes a user from a room.
    pub(crate) async fn leave(&self, room: RoomId, who: &Caller) -> Outcome {
        let steps = vec![Step::Depart { user: who.user }];
        self.act(room, who.user, steps).await
    }

    /// Removes a user from a room, if they are in it, and bans them.
    pub(crate) async fn ban(&self, room: RoomId, who: &Caller) -> Outcome {
        let user = who.user;
        let access = self.ports.rooms.access(room, user).await.unwrap().unwrap();
        let mut steps = vec![Step::Ban { user }];
        if access.membership.is_some() {
            steps.insert(0, Step::Depart { user });
        }
        self.act(room, user, steps).await
    }

    /// A message with this text and nothing else.
    pub(crate) fn message(&self, room: RoomId, sender: &Caller, text: &str) -> NewMessage {
        NewMessage {
            id: self.ports.ids.next(),
            room,
            sender: sender.user,
            body: MessageBody::parse(text).unwrap(),
            client: None,
            reply_to: None,
            attachments: Vec::new(),
            mentions: Vec::new(),
            at: self.now(),
            events: Vec::new(),
            only_for_webhooks: false,
        }
    }

    /// Posts a text and answers with the stored message.
    pub(crate) async fn post(&self, room: RoomId, sender: &Caller, text: &str) -> Message {
        self.append(self.message(room, sender, text)).await
    }

    /// Posts a message that must be stored.
    pub(crate) async fn append(&self, new: NewMessage) -> Message {
        let answers = self.ports.messages.append(&[new]).await.unwrap();
        match answers.into_iter().next() {
            Some(Appended::Stored(stored)) => stored.message,
            other => panic!("{other:?}"),
        }
    }

    /// Moves a member's cursors.
    pub(crate) async fn advance(&self, room: RoomId, user: UserId, cursors: Cursors) {
        let change = CursorMove {
            room,
            user,
            read: Some(cursors.read),
            delivered: Some(cursors.delivered),
        };
        let moved = self.ports.cursors.advance(&change).await.unwrap();
        assert!(matches!(moved, Moved::To { .. }), "{moved:?}");
    }
}
