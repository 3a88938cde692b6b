//! The scene that tests of use cases play in: honest adapters in memory, a clock that stands still
//! until it is moved, and sentences that set things up without the use case under test.

use std::sync::Arc;
use std::time::Duration;

use adapter_credentials::{BcryptPasswords, JwtTokens};
use adapter_memory::{
    ManualClock, MemoryBus, MemoryLimiter, MemoryPresence, MemoryProfiles, MemorySessions,
    MemoryStore, SeededIds,
};
use domain::port::bus::{Heard, Notice, Notices};
use domain::port::limiter::Limit;
use domain::port::messages::{Appended, NewMessage};
use domain::port::rooms::{Act, Created, Decided, Decision, NewDirect, NewRoom, Outcome, Step};
use domain::port::users::{NewUser, Registered};
use domain::port::{Bus as _, Clock as _, IdsExt as _};
use domain::{
    DisplayName, Email, History, Message, MessageBody, Pair, Password, Role, Room, RoomId, RoomName,
    Session, SessionOrigin, Timestamp, UserId, Username,
};
use futures::{FutureExt as _, StreamExt as _};

use crate::{Caller, Limits, Policy, Ports};

/// The password of everybody whom [`World::user`] registers.
pub(crate) const PASSWORD: &str = "correct horse";

/// One Tertulia without a door, on adapters in memory.
pub(crate) struct World {
    pub(crate) ports: Ports,
    pub(crate) policy: Policy,
    pub(crate) clock: Arc<ManualClock>,
}

impl World {
    /// An empty world with the limits of the contract.
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)));
        let store = Arc::new(MemoryStore::new());
        let ports = Ports {
            users: store.clone(),
            blocks: store.clone(),
            rooms: store.clone(),
            members: store.clone(),
            invites: store.clone(),
            messages: store.clone(),
            cursors: store.clone(),
            room_log: store.clone(),
            search: store.clone(),
            media: store,
            sessions: Arc::new(MemorySessions::new()),
            profiles: Arc::new(MemoryProfiles::new()),
            presence: Arc::new(MemoryPresence::new()),
            limiter: Arc::new(MemoryLimiter::new()),
            bus: Arc::new(MemoryBus::new()),
            passwords: Arc::new(BcryptPasswords::new(4)),
            access_tokens: Arc::new(JwtTokens::new([7; 32])),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(7, clock.clone())),
            probes: Vec::new(),
        };
        Self {
            ports,
            policy: policy(),
            clock,
        }
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Registers someone as `name`, `name@example.org`, with [`PASSWORD`], and signs them in.
    pub(crate) async fn user(&self, name: &str) -> Caller {
        let password = Password::parse(PASSWORD).unwrap();
        let new = NewUser {
            id: self.ports.ids.next(),
            username: Username::parse(name).unwrap(),
            display_name: DisplayName::parse(name).unwrap(),
            email: Email::parse(format!("{name}@example.org")).unwrap(),
            password: self.ports.passwords.hash(&password).await.unwrap(),
            at: self.now(),
        };
        match self.ports.users.register(&new).await.unwrap() {
            Registered::Created(user) => self.sign_in(user.id).await,
            other => panic!("{other:?}"),
        }
    }

    /// Signs someone in on one more device.
    pub(crate) async fn sign_in(&self, user: UserId) -> Caller {
        let session = Session {
            id: self.ports.ids.next(),
            user,
            created_at: self.now(),
            last_used_at: self.now(),
            expires_at: self.now() + self.policy.session_lifetime,
            origin: SessionOrigin::default(),
        };
        let tokens = &self.ports.access_tokens;
        let token = tokens.digest(&tokens.new_refresh());
        self.ports.sessions.open(&session, token).await.unwrap();
        Caller {
            user,
            session: session.id,
        }
    }

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

    /// Opens the direct room of two people.
    pub(crate) async fn direct(&self, one: &Caller, other: &Caller) -> Room {
        let direct = NewDirect {
            id: self.ports.ids.next(),
            pair: Pair::of(one.user, other.user).unwrap(),
            at: self.now(),
            events: Vec::new(),
        };
        self.ports.rooms.open_direct(&direct).await.unwrap().room
    }

    /// Carries out steps on a room, whoever may or may not.
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
            other => panic!("{other:?}"),
        }
    }

    /// Lets someone into a room.
    pub(crate) async fn join(&self, room: RoomId, who: &Caller) -> Outcome {
        let steps = vec![Step::Admit { user: who.user }];
        self.act(room, who.user, steps).await
    }

    /// Lets someone into a room with a role other than the owner's.
    pub(crate) async fn join_as(&self, room: RoomId, who: &Caller, role: Role) -> Outcome {
        let user = who.user;
        let steps = vec![Step::Admit { user }, Step::GiveRole { user, role }];
        self.act(room, user, steps).await
    }

    /// Takes someone out of a room.
    pub(crate) async fn leave(&self, room: RoomId, who: &Caller) -> Outcome {
        let steps = vec![Step::Depart { user: who.user }];
        self.act(room, who.user, steps).await
    }

    /// Takes someone out of a room, if they are in it, and shuts them out.
    pub(crate) async fn ban(&self, room: RoomId, who: &Caller) -> Outcome {
        let user = who.user;
        let access = self.ports.rooms.access(room, user).await.unwrap().unwrap();
        let mut steps = vec![Step::Ban { user }];
        if access.membership.is_some() {
            steps.insert(0, Step::Depart { user });
        }
        self.act(room, user, steps).await
    }

    /// A message that says this, and nothing more.
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

    /// Listens on the bus from now on.
    pub(crate) async fn ear(&self) -> Ear {
        Ear(self.ports.bus.listen().await.unwrap())
    }
}

/// Hears what is told on the bus.
pub(crate) struct Ear(Notices);

impl Ear {
    /// Everything that was told since the last time.
    pub(crate) fn heard(&mut self) -> Vec<Notice> {
        let mut heard = Vec::new();
        while let Some(Some(next)) = self.0.next().now_or_never() {
            match next {
                Heard::Notice(notice) => heard.push(notice.as_ref().clone()),
                Heard::Gap => panic!("the ear missed something"),
            }
        }
        heard
    }
}

/// The numbers of the contract.
fn policy() -> Policy {
    let limit = |points, seconds| Limit {
        points,
        per: Duration::from_secs(seconds),
    };
    Policy {
        session_lifetime: Duration::from_secs(30 * 24 * 3600),
        refresh_grace: Duration::from_secs(60),
        limits: Limits {
            message: limit(5, 10),
            login_address: limit(5, 60),
            login_network: limit(10, 900),
            login_account: limit(100, 3600),
            registration: limit(20, 3600),
            anonymous: limit(120, 60),
            person: limit(600, 60),
        },
    }
}
