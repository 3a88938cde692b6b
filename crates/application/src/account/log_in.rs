//! Signing in.

use std::net::IpAddr;
use std::sync::Arc;

use domain::port::users::{Account, Login};
use domain::port::{Clock, Passwords, Sessions, Users};
use domain::{Email, Failure, Refusal, SessionOrigin, Username};

use super::attempts::Attempts;
use super::proof::proves;
use super::sign_in::SignIn;
use crate::{Error, Policy, Ports, Quota, SignedIn};

/// The credentials that a user signs in with, as typed.
pub struct Credentials {
    /// An e-mail address if it contains an `@`, otherwise a username.
    pub login: String,
    /// The password.
    pub password: String,
}

/// Opens a session for a user who presents the account's password.
pub struct LogIn {
    users: Arc<dyn Users>,
    sessions: Arc<dyn Sessions>,
    passwords: Arc<dyn Passwords>,
    clock: Arc<dyn Clock>,
    attempts: Attempts,
    sign_in: SignIn,
}

impl LogIn {
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            sessions: Arc::clone(&ports.sessions),
            passwords: Arc::clone(&ports.passwords),
            clock: Arc::clone(&ports.clock),
            attempts: Attempts::new(ports, policy),
            sign_in: SignIn::new(ports, policy),
        }
    }

    /// Signs a user in. The answer does not reveal which part of the credentials was wrong.
    #[tracing::instrument(skip_all, name = "log_in")]
    pub async fn run(
        &self,
        credentials: Credentials,
        origin: SessionOrigin,
    ) -> Result<SignedIn, Error> {
        let Credentials { login, password } = credentials;
        let account = self.find(&login).await?;
        let attempt = self
            .attempts
            .begin(counted_as(&login, account.as_ref()), origin.ip)
            .await?;
        let hash = account.as_ref().map(|account| &account.password);
        let proven = proves(&self.passwords, password, hash).await;
        if !matches!(proven, Ok(false)) {
            self.attempts.forgive(attempt).await;
        }
        // Before looking at whether the account exists: an error that prevents verification must
        // not distinguish existing accounts from missing ones.
        let proven = proven?;
        match account {
            Some(account) if proven => self.enter(account, origin).await,
            Some(_) | None => {
                metrics::counter!("tertulia_logins_refused_total").increment(1);
                Err(Refusal::BadCredentials.into())
            }
        }
    }

    /// What is left of an address's limit on failed logins.
    pub async fn quota(&self, ip: Option<IpAddr>) -> Option<Quota> {
        self.attempts.quota(ip).await
    }

    /// Opens a session, and closes it again if the password that opened it was replaced meanwhile:
    /// the change ended all existing sessions, and this one was not yet among them.
    async fn enter(&self, account: Account, origin: SessionOrigin) -> Result<SignedIn, Error> {
        let id = account.user.id;
        let signed_in = self.sign_in.open(account.user, origin).await?;
        let now = self.users.account(&Login::Id(id)).await?;
        if now.is_some_and(|now| now.password == account.password) {
            return Ok(signed_in);
        }
        self.sessions
            .end(signed_in.session.id, id, self.clock.now())
            .await?;
        Err(Refusal::BadCredentials.into())
    }

    async fn find(&self, login: &str) -> Result<Option<Account>, Failure> {
        let login = if login.contains('@') {
            Email::parse(login).map(Login::Email)
        } else {
            Username::parse(login).map(Login::Username)
        };
        match login {
            Ok(login) => self.users.account(&login).await,
            // A login that cannot be a name belongs to no account.
            Err(_) => Ok(None),
        }
    }
}

/// The key that failed logins are counted under: the account, whichever of its names was typed, or
/// the typed text if there is no such account.
fn counted_as(login: &str, account: Option<&Account>) -> String {
    match account {
        Some(account) => account.user.id.to_string(),
        None => login
            .trim()
            .to_lowercase()
            .chars()
            .take(Email::MAX)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_trait::async_trait;
    use domain::{Password, PasswordHash, Retry};

    use super::*;
    use crate::testing::{CountedPasswords, PASSWORD, World, at_once, refusal};

    fn credentials(login: &str, password: &str) -> Credentials {
        Credentials {
            login: login.to_owned(),
            password: password.to_owned(),
        }
    }

    fn origin() -> SessionOrigin {
        SessionOrigin {
            ip: Some(IpAddr::from([203, 0, 113, 9])),
            ..SessionOrigin::default()
        }
    }

    #[tokio::test]
    async fn an_email_or_a_username_in_any_case_opens_a_session() {
        let world = World::new();
        let log_in = LogIn::new(&world.ports, &world.policy);
        let ana = world.user("ana").await;
        for login in ["ana@example.org", " ANA@Example.org", "ana", "Ana "] {
            let signed_in = log_in
                .run(credentials(login, PASSWORD), origin())
                .await
                .unwrap();
            assert_eq!(signed_in.person.user.id, ana.user);
            assert!(signed_in.person.user.email.is_some());
            assert_eq!(signed_in.session.origin, origin());
            assert_eq!(
                signed_in.session.expires_at,
                world.now() + world.policy.session_lifetime
            );
            assert_eq!(
                world.authenticate(&signed_in.access.token).await,
                Some(signed_in.session.id)
            );
        }
        assert_eq!(world.sessions_of(&ana).await.len(), 5);
    }

    #[tokio::test]
    async fn whatever_is_wrong_the_answer_is_one() {
        let mut world = World::new();
        world.policy.limits.login_address.points = 0;
        let log_in = LogIn::new(&world.ports, &world.policy);
        world.user("ana").await;
        let long = "x".repeat(10_000);
        for (login, password) in [
            ("ana", "wrong horse"),
            ("ana", "short"),
            ("ana", ""),
            ("ana", long.as_str()),
            ("ana", " correct horse"),
            ("ben", PASSWORD),
            ("ben@example.org", PASSWORD),
            ("not an @", PASSWORD),
            ("no name at all", PASSWORD),
            ("", PASSWORD),
            ("a\0na", PASSWORD),
            (long.as_str(), PASSWORD),
        ] {
            let answer = log_in.run(credentials(login, password), origin()).await;
            assert_eq!(
                refusal(answer),
                Refusal::BadCredentials,
                "{login} {password}"
            );
        }
    }

    #[tokio::test]
    async fn every_answer_costs_one_comparison() {
        let mut world = World::new();
        let counted = CountedPasswords::over(&world.ports.passwords);
        world.ports.passwords = Arc::<CountedPasswords>::clone(&counted);
        let log_in = LogIn::new(&world.ports, &world.policy);
        world.user("ana").await;
        for (login, password) in [
            ("ana", PASSWORD),
            ("ana@example.org", "wrong horse"),
            ("nobody", PASSWORD),
            ("nobody@example.org", "short"),
            ("no name at all", PASSWORD),
        ] {
            let answer = log_in.run(credentials(login, password), origin()).await;
            assert_eq!(answer.is_ok(), (login, password) == ("ana", PASSWORD));
            assert_eq!(counted.compared(), 1, "{login} {password}");
        }
    }

    struct Overloaded;

    #[async_trait]
    impl Passwords for Overloaded {
        async fn hash(&self, _: &Password) -> Result<PasswordHash, Failure> {
            Err(Failure::overloaded("passwords", "hash", "full"))
        }

        async fn verify(&self, _: &Password, _: Option<&PasswordHash>) -> Result<bool, Failure> {
            Err(Failure::overloaded("passwords", "verify", "full"))
        }
    }

    #[tokio::test]
    async fn passwords_that_cannot_be_compared_do_not_tell_who_is_there() {
        let mut world = World::new();
        world.user("ana").await;
        world.ports.passwords = Arc::new(Overloaded);
        let log_in = LogIn::new(&world.ports, &world.policy);
        for (login, password) in [
            ("ana", PASSWORD),
            ("ana", "short"),
            ("nobody", PASSWORD),
            ("nobody@example.org", "short"),
            ("no name at all", PASSWORD),
        ] {
            let answer = log_in.run(credentials(login, password), origin()).await;
            let overloaded = matches!(answer, Err(Error::Failed(f)) if f.retry == Retry::Shortly);
            assert!(overloaded, "{login} {password}");
        }
    }

    #[tokio::test]
    async fn failures_are_limited_and_success_is_not_counted() {
        let world = World::new();
        let log_in = LogIn::new(&world.ports, &world.policy);
        world.user("ana").await;
        for _ in 0..7 {
            let signed_in = log_in.run(credentials("ana", PASSWORD), origin()).await;
            assert!(signed_in.is_ok());
        }
        for _ in 0..5 {
            let wrong = log_in
                .run(credentials("ana", "wrong horse"), origin())
                .await;
            assert_eq!(refusal(wrong), Refusal::BadCredentials);
        }
        let Err(Error::Limited(quota)) = log_in.run(credentials("ana", PASSWORD), origin()).await
        else {
            panic!("the sixth failure was let through");
        };
        assert_eq!(quota.retry_after, Duration::from_secs(12));
        world.pass(quota.retry_after);
        let signed_in = log_in.run(credentials("ana", PASSWORD), origin()).await;
        assert!(signed_in.is_ok());
    }

    #[tokio::test]
    async fn both_names_of_an_account_count_as_one_and_absent_ones_count_too() {
        let mut world = World::new();
        let limits = &mut world.policy.limits;
        limits.login_address.points = 0;
        limits.login_network.points = 2;
        let log_in = LogIn::new(&world.ports, &world.policy);
        world.user("ana").await;
        for login in ["ana", "ANA@example.org", "nobody", "NoBody"] {
            let wrong = log_in
                .run(credentials(login, "wrong horse"), origin())
                .await;
            assert_eq!(refusal(wrong), Refusal::BadCredentials);
        }
        for login in ["Ana", "ana@example.org", "nobody"] {
            let third = log_in.run(credentials(login, PASSWORD), origin()).await;
            assert!(matches!(third, Err(Error::Limited(_))));
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_attempts_at_once_are_not_all_compared() {
        let world = World::new();
        let log_in = Arc::new(LogIn::new(&world.ports, &world.policy));
        world.user("ana").await;
        let guess = async |log_in: Arc<LogIn>| {
            log_in
                .run(credentials("ana", "wrong horse"), origin())
                .await
        };
        let answers = at_once(20, || guess(Arc::clone(&log_in))).await;
        let compared = answers
            .iter()
            .filter(|answer| matches!(answer, Err(Error::Refused(_))))
            .count();
        assert_eq!(compared, 5);
    }

    #[tokio::test]
    async fn a_password_that_is_replaced_meanwhile_opens_nothing() {
        let world = World::new();
        let log_in = LogIn::new(&world.ports, &world.policy);
        let ana = world.user("ana").await;
        let account = log_in.find("ana").await.unwrap().unwrap();
        world.set_password(&ana, "battery staple").await;
        let late = log_in.enter(account, origin()).await;
        assert_eq!(refusal(late), Refusal::BadCredentials);
        assert_eq!(world.sessions_of(&ana).await, [ana.session]);
    }

    #[tokio::test]
    async fn an_erased_account_is_no_account() {
        let world = World::new();
        let log_in = LogIn::new(&world.ports, &world.policy);
        let ana = world.user("ana").await;
        let users = &world.ports.users;
        assert!(users.erase(ana.user, world.now()).await.unwrap());
        let answer = log_in.run(credentials("ana", PASSWORD), origin()).await;
        assert_eq!(refusal(answer), Refusal::BadCredentials);
    }
}
