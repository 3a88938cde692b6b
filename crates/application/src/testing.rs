//! The scene that tests of use cases play in: honest adapters in memory, a clock that stands still
//! until it is moved, and sentences that set things up without the use case under test.

use std::sync::Arc;
use std::time::Duration;

use adapter_credentials::{BcryptPasswords, JwtAccessTokens, SigningKey, TokenTerms};
use adapter_memory::{
    ManualClock, MemoryBus, MemoryLimiter, MemoryPresence, MemoryProfiles, MemorySessions,
    MemoryStore, SeededIds,
};
use domain::port::access_tokens::Verified;
use domain::port::bus::{Heard, Notice, Notices};
use domain::port::limiter::Limit;
use domain::port::messages::{Appended, NewMessage};
use domain::port::rooms::{Act, Created, Decided, Decision, NewDirect, NewRoom, Outcome, Step};
use domain::port::users::{Account, Login, NewUser, Registered};
use domain::port::{Bus as _, Clock as _, IdsExt as _};
use domain::{
    DisplayName, Email, Epoch, History, Message, MessageBody, Pair, Password, RefreshToken,
    Refusal, Role, Room, RoomId, RoomName, Session, SessionId, SessionOrigin, Timestamp, UserId,
    Username,
};
use futures::{FutureExt as _, StreamExt as _};
use tokio_util::task::TaskTracker;

use crate::{Caller, Error, Limits, Policy, Ports};

/// The password of everybody whom [`World::user`] registers.
pub(crate) const PASSWORD: &str = "correct horse";

/// One Tertulia without a door, on adapters in memory.
pub(crate) struct World {
    pub(crate) ports: Ports,
    pub(crate) policy: Policy,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) tasks: TaskTracker,
}

impl World {
    /// An empty world with the limits of the contract.
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)));
        let store = Arc::new(MemoryStore::new(Epoch::parse("test").unwrap()));
        let ports = Ports {
            users: Arc::<MemoryStore>::clone(&store),
            blocks: Arc::<MemoryStore>::clone(&store),
            rooms: Arc::<MemoryStore>::clone(&store),
            members: Arc::<MemoryStore>::clone(&store),
            invites: Arc::<MemoryStore>::clone(&store),
            messages: Arc::<MemoryStore>::clone(&store),
            cursors: Arc::<MemoryStore>::clone(&store),
            room_log: Arc::<MemoryStore>::clone(&store),
            search: Arc::<MemoryStore>::clone(&store),
            media: store,
            sessions: Arc::new(MemorySessions::default()),
            profiles: Arc::new(MemoryProfiles::default()),
            presence: Arc::new(MemoryPresence::default()),
            limiter: Arc::new(MemoryLimiter::default()),
            bus: Arc::new(MemoryBus::default()),
            passwords: Arc::new(BcryptPasswords::new(4, 1, 1000).unwrap()),
            access_tokens: Arc::new(access_tokens()),
            clock: Arc::<ManualClock>::clone(&clock),
            ids: Arc::new(SeededIds::new(7)),
            probes: Vec::new(),
        };
        Self {
            ports,
            policy: policy(),
            clock,
            tasks: TaskTracker::new(),
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
        self.sign_in_with_token(user).await.0
    }

    /// Registers someone as [`World::user`] does, and keeps the refresh token.
    pub(crate) async fn user_with_token(&self, name: &str) -> (Caller, RefreshToken) {
        let first = self.user(name).await;
        let now = self.now();
        let ended = self.ports.sessions.end(first.session, first.user, now);
        assert!(ended.await.unwrap());
        self.sign_in_with_token(first.user).await
    }

    async fn sign_in_with_token(&self, user: UserId) -> (Caller, RefreshToken) {
        let session = Session {
            id: self.ports.ids.next(),
            user,
            created_at: self.now(),
            last_used_at: self.now(),
            expires_at: self.now() + self.policy.session_lifetime,
            origin: SessionOrigin::default(),
        };
        let tokens = &self.ports.access_tokens;
        let token = tokens.new_refresh();
        let opened = self.ports.sessions.open(&session, tokens.digest(&token));
        opened.await.unwrap();
        let caller = Caller {
            user,
            session: session.id,
        };
        (caller, token)
    }

    /// An access token of a session.
    pub(crate) fn token(&self, caller: &Caller) -> String {
        let tokens = &self.ports.access_tokens;
        let issued = tokens.issue(caller.user, caller.session, self.now());
        issued.unwrap().token
    }

    /// The live session that an access token belongs to.
    pub(crate) async fn authenticate(&self, token: &str) -> Option<SessionId> {
        let now = self.now();
        let Verified::Valid(claims) = self.ports.access_tokens.verify(token, now) else {
            return None;
        };
        let live = self.ports.sessions.live(&[claims.session], now).await;
        live.unwrap().pop()
    }

    /// Somebody's live sessions, the one used last first.
    pub(crate) async fn sessions_of(&self, who: &Caller) -> Vec<SessionId> {
        let live = self.ports.sessions.of_user(who.user, self.now()).await;
        live.unwrap().iter().map(|session| session.id).collect()
    }

    /// Whether this is somebody's password.
    pub(crate) async fn password_is(&self, who: &Caller, text: &str) -> bool {
        let password = Password::parse(text).unwrap();
        let account = self.account(who).await;
        let proven = self
            .ports
            .passwords
            .verify(&password, Some(&account.password));
        proven.await.unwrap()
    }

    /// Gives somebody another password.
    pub(crate) async fn set_password(&self, who: &Caller, text: &str) {
        let password = Password::parse(text).unwrap();
        let hash = self.ports.passwords.hash(&password).await.unwrap();
        let known = self.account(who).await.password;
        let changed = self.ports.users.change_password(who.user, &known, &hash);
        assert!(changed.await.unwrap());
    }

    /// Somebody's account.
    pub(crate) async fn account(&self, who: &Caller) -> Account {
        let account = self.ports.users.account(&Login::Id(who.user)).await;
        account.unwrap().unwrap()
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

/// The refusal that must have been the answer.
pub(crate) fn refusal<T>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was not refused"),
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

/// Access tokens for a quarter of an hour.
fn access_tokens() -> JwtAccessTokens {
    let terms = TokenTerms {
        lifetime: Duration::from_secs(15 * 60),
        issuer: "tertulia".to_owned(),
        audience: "tests".to_owned(),
    };
    JwtAccessTokens::new(terms, SigningKey::secret(&[7; 32]), Vec::new(), [8; 32]).unwrap()
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
