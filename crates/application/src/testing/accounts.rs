//! Users with accounts, and the devices that they are signed in on.

use std::time::Duration;

use domain::port::IdsExt as _;
use domain::port::access_tokens::Verified;
use domain::port::presence::Lease;
use domain::port::users::{Account, Login, NewUser, Registered};
use domain::{
    DisplayName, Email, Password, PasswordHash, PushEndpoint, PushKeys, PushSubscription,
    RefreshToken, Session, SessionId, SessionOrigin, UserId, Username,
};

use super::World;
use crate::Caller;

/// The password of every user that [`World::user`] registers.
pub(crate) const PASSWORD: &str = "correct horse";

impl World {
    /// Registers a user as `name`, `name@example.org`, with [`PASSWORD`], and signs them in.
    pub(crate) async fn user(&self, name: &str) -> Caller {
        let password = Password::parse(PASSWORD).unwrap();
        let hash = self.ports.passwords.hash(&password).await.unwrap();
        self.register(name, hash).await
    }

    /// Registers a user with an unknown password, which is quicker for crowds.
    pub(crate) async fn user_of_crowd(&self, name: &str) -> Caller {
        let unknown = PasswordHash::from_string("unknown".to_owned());
        self.register(name, unknown).await
    }

    async fn register(&self, name: &str, password: PasswordHash) -> Caller {
        let new = NewUser {
            id: self.ports.ids.next(),
            username: Username::parse(name).unwrap(),
            display_name: DisplayName::parse(name).unwrap(),
            email: Email::parse(format!("{name}@example.org")).unwrap(),
            password,
            at: self.now(),
        };
        match self.ports.users.register(&new).await.unwrap() {
            Registered::Created(user) => self.sign_in(user.id).await,
            taken @ (Registered::EmailTaken | Registered::UsernameTaken) => panic!("{taken:?}"),
        }
    }

    /// Connects a user for an hour.
    pub(crate) async fn connect(&self, who: &Caller) {
        let lease = Lease {
            subject: who.user.into(),
            connection: self.ports.ids.next(),
            node: self.ports.ids.next(),
            until: self.now() + Duration::from_hours(1),
        };
        let arrived = self.ports.presence.connect(&lease, self.now(), self.now());
        arrived.await.unwrap();
    }

    /// Signs a user in on one more device.
    pub(crate) async fn sign_in(&self, user: UserId) -> Caller {
        self.sign_in_with_token(user).await.0
    }

    /// Registers a user as [`World::user`] does, and returns the refresh token as well.
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

    /// A user's live sessions, most recently used first.
    pub(crate) async fn sessions_of(&self, who: &Caller) -> Vec<SessionId> {
        let live = self.ports.sessions.of_user(who.user, self.now()).await;
        live.unwrap().iter().map(|session| session.id).collect()
    }

    /// A user's push subscriptions, by session.
    pub(crate) async fn devices_of(&self, who: &Caller) -> Vec<(SessionId, PushSubscription)> {
        let kept = &self.ports.push_subscriptions;
        let devices = kept.of_users(&[who.user], self.now()).await.unwrap();
        let parts = devices.into_iter();
        parts.map(|it| (it.session, it.subscription)).collect()
    }

    /// Subscribes the device that a user is signed in on to push.
    pub(crate) async fn subscribe(&self, who: &Caller, name: &str) {
        let kept = &self.ports.push_subscriptions;
        let one = subscription(name);
        let keep = kept.keep(who.session, who.user, &one, self.now());
        assert!(keep.await.unwrap());
    }

    /// Whether this is the user's password.
    pub(crate) async fn password_is(&self, who: &Caller, text: &str) -> bool {
        let password = Password::parse(text).unwrap();
        let account = self.account(who).await;
        let proven = self
            .ports
            .passwords
            .verify(&password, Some(&account.password));
        proven.await.unwrap()
    }

    /// Changes a user's password.
    pub(crate) async fn set_password(&self, who: &Caller, text: &str) {
        let password = Password::parse(text).unwrap();
        let hash = self.ports.passwords.hash(&password).await.unwrap();
        let known = self.account(who).await.password;
        let changed = self.ports.users.change_password(who.user, &known, &hash);
        assert!(changed.await.unwrap());
    }

    /// A user's account.
    pub(crate) async fn account(&self, who: &Caller) -> Account {
        let account = self.ports.users.account(&Login::Id(who.user)).await;
        account.unwrap().unwrap()
    }
}

/// The push subscription of a browser with this name.
pub(crate) fn subscription(name: &str) -> PushSubscription {
    PushSubscription {
        endpoint: PushEndpoint::parse(format!("https://push.example.org/{name}")).unwrap(),
        keys: PushKeys::of([4; 65], [7; 16]),
        expires_at: None,
    }
}
