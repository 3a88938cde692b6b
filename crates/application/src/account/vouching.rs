//! Accounts and sessions of people whom the deployment's own sign-in vouches for.

use std::sync::Arc;

use domain::port::users::Login;
use domain::port::{AccessTokens, Clock, Ids, IdsExt as _, Sessions, Users};
use domain::{DisplayName, Email, Failure, Password, Refusal, SessionOrigin, UserId, Username};

use super::new_accounts::{NewAccount, NewAccounts};
use super::sign_in::SignIn;
use crate::operations::Administrator;
use crate::present::People;
use crate::{Error, Person, Policy, Ports, SignedIn};

/// A person who is to have an account, but no password.
pub struct Newcomer {
    /// The e-mail address.
    pub email: Email,
    /// The username; derived if absent.
    pub username: Option<Username>,
    /// The name shown to others; the username if absent.
    pub display_name: Option<DisplayName>,
}

/// Gives accounts and sessions to people who have signed in elsewhere. Administrators vouch for them.
pub struct Vouching {
    accounts: NewAccounts,
    users: Arc<dyn Users>,
    sessions: Arc<dyn Sessions>,
    access_tokens: Arc<dyn AccessTokens>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    people: People,
    sign_in: SignIn,
}

impl Vouching {
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            accounts: NewAccounts::new(ports),
            users: Arc::clone(&ports.users),
            sessions: Arc::clone(&ports.sessions),
            access_tokens: Arc::clone(&ports.access_tokens),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            people: People::new(ports),
            sign_in: SignIn::new(ports, policy),
        }
    }

    /// Creates an account whose password nobody knows.
    #[tracing::instrument(skip_all, name = "add_user")]
    pub async fn add(&self, _: &Administrator, newcomer: Newcomer) -> Result<Person, Error> {
        let account = NewAccount {
            email: newcomer.email,
            password: self.unknown_password()?,
            username: newcomer.username,
            display_name: newcomer.display_name,
        };
        let user = self.accounts.create(self.ids.next(), &account).await?;
        Ok(self.people.show_one(user.id, user).await?)
    }

    /// Opens a session for a user. It is closed again if the account was erased meanwhile: that ended
    /// all existing sessions, and this one was not yet among them.
    #[tracing::instrument(skip_all, name = "sign_in_user")]
    pub async fn sign_in(
        &self,
        _: &Administrator,
        user: UserId,
        origin: SessionOrigin,
    ) -> Result<SignedIn, Error> {
        let login = Login::Id(user);
        let account = self.users.account(&login).await?;
        let account = account.ok_or(Refusal::NotFound)?;
        let signed_in = self.sign_in.open(account.user, origin).await?;
        let session = signed_in.session.id;
        if self.users.account(&login).await?.is_some() {
            tracing::info!(user = %user, session = %session, "an administrator opened a session");
            return Ok(signed_in);
        }
        let now = self.clock.now();
        self.sessions.end(session, user, now).await?;
        Err(Refusal::NotFound.into())
    }

    /// As hard to guess as a refresh token.
    fn unknown_password(&self) -> Result<Password, Failure> {
        let secret = self.access_tokens.new_refresh();
        Password::parse(secret.reveal().to_owned())
            .map_err(|error| Failure::lasting("access tokens", "make up a password", error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{AdminKey, Administration};
    use crate::testing::{World, refusal};

    const KEY: &str = "a key of some length";

    struct Scene {
        world: World,
        vouching: Vouching,
        admin: Administrator,
    }

    fn scene() -> Scene {
        let mut world = World::new();
        world.policy.admin = Some(AdminKey::of(KEY));
        Scene {
            vouching: Vouching::new(&world.ports, &world.policy),
            admin: Administration::new(&world.policy).admit(Some(KEY)).unwrap(),
            world,
        }
    }

    fn newcomer(email: &str) -> Newcomer {
        Newcomer {
            email: Email::parse(email).unwrap(),
            username: None,
            display_name: Some(DisplayName::parse("Ana María").unwrap()),
        }
    }

    #[tokio::test]
    async fn a_newcomer_has_an_account_and_no_session() {
        let Scene {
            world,
            vouching,
            admin,
        } = scene();
        let person = vouching.add(&admin, newcomer("Ana@example.org")).await;
        let user = person.unwrap().user;
        assert_eq!(user.username.as_str(), "ana.maria");
        assert_eq!(user.email.as_ref().unwrap().as_str(), "ana@example.org");
        let sessions = world.ports.sessions.of_user(user.id, world.now()).await;
        assert_eq!(sessions.unwrap(), []);
        let again = vouching.add(&admin, newcomer("ana@example.org")).await;
        assert_eq!(refusal(again), Refusal::EmailTaken);
    }

    #[tokio::test]
    async fn newcomers_have_different_passwords() {
        let Scene {
            world,
            vouching,
            admin,
        } = scene();
        let mut passwords = Vec::new();
        for email in ["a@example.org", "b@example.org"] {
            vouching.add(&admin, newcomer(email)).await.unwrap();
            let login = Login::Email(Email::parse(email).unwrap());
            let account = world.ports.users.account(&login).await.unwrap();
            passwords.push(account.unwrap().password.reveal().to_owned());
        }
        assert_ne!(passwords[0], passwords[1]);
    }

    #[tokio::test]
    async fn whoever_has_an_account_is_signed_in() {
        let Scene {
            world,
            vouching,
            admin,
        } = scene();
        let ana = world.user("ana").await;
        let signed_in = vouching
            .sign_in(&admin, ana.user, SessionOrigin::default())
            .await
            .unwrap();
        let session = signed_in.session.id;
        assert_ne!(session, ana.session);
        assert_eq!(
            world.authenticate(&signed_in.access.token).await,
            Some(session)
        );
    }

    #[tokio::test]
    async fn nobody_else_is() {
        let Scene {
            world,
            vouching,
            admin,
        } = scene();
        let ana = world.user("ana").await;
        world
            .ports
            .users
            .erase(ana.user, world.now())
            .await
            .unwrap();
        for user in [ana.user, world.ports.ids.next()] {
            let answer = vouching.sign_in(&admin, user, SessionOrigin::default());
            assert_eq!(refusal(answer.await), Refusal::NotFound);
        }
        assert_eq!(world.sessions_of(&ana).await, [ana.session]);
    }
}
