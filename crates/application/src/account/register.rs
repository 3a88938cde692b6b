//! Creating an account.

use std::net::IpAddr;
use std::sync::Arc;

use domain::SessionOrigin;
use domain::port::limiter::{Limit, LimitKey};
use domain::port::{Ids, IdsExt as _};

use super::new_accounts::{NewAccount, NewAccounts};
use super::sign_in::SignIn;
use crate::address::host;
use crate::throttle::Throttle;
use crate::{Error, Policy, Ports, Quota, SignedIn};

/// Creates an account and signs its owner in.
pub struct Register {
    accounts: NewAccounts,
    ids: Arc<dyn Ids>,
    throttle: Throttle,
    limit: Limit,
    sign_in: SignIn,
}

impl Register {
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            accounts: NewAccounts::new(ports),
            ids: Arc::clone(&ports.ids),
            throttle: Throttle::new(ports),
            limit: policy.limits.registration,
            sign_in: SignIn::new(ports, policy),
        }
    }

    /// Creates an account.
    ///
    /// Refused registrations count against the limit as well: otherwise whole lists of addresses
    /// could be probed for existing accounts.
    ///
    /// Accounts and sessions are in two stores. The session store is checked before anything is
    /// stored, and if it fails nevertheless, the account is removed again: a client that gets an error
    /// must be able to retry.
    #[tracing::instrument(skip_all, name = "register")]
    pub async fn run(&self, account: NewAccount, origin: SessionOrigin) -> Result<SignedIn, Error> {
        if let Some(ip) = origin.ip {
            let key = LimitKey::Registrations(host(ip));
            self.throttle.admit(&key, self.limit).await?;
        }
        let id = self.ids.next();
        self.sign_in.prepare(id).await?;
        let user = self.accounts.create(id, &account).await?;
        let signed_in = self.sign_in.open(user, origin).await;
        if signed_in.is_err() {
            self.accounts.take_back(id).await;
        }
        signed_in
    }

    /// The quota left to an address.
    pub async fn quota(&self, ip: Option<IpAddr>) -> Option<Quota> {
        let key = LimitKey::Registrations(host(ip?));
        self.throttle.look(&key, self.limit).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use domain::port::users::Login;
    use domain::{DisplayName, Email, Password, Refusal, UserId, Username};

    use super::*;
    use crate::testing::{FrailSessions, PASSWORD, World, at_once, refusal};

    fn ip(last: u8) -> SessionOrigin {
        SessionOrigin {
            ip: Some(IpAddr::from([203, 0, 113, last])),
            ..SessionOrigin::default()
        }
    }

    fn account(email: &str) -> NewAccount {
        NewAccount {
            email: Email::parse(email).unwrap(),
            password: Password::parse(PASSWORD).unwrap(),
            username: None,
            display_name: None,
        }
    }

    fn called(email: &str, username: &str) -> NewAccount {
        NewAccount {
            username: Some(Username::parse(username).unwrap()),
            ..account(email)
        }
    }

    fn read_as(email: &str, display_name: &str) -> NewAccount {
        NewAccount {
            display_name: Some(DisplayName::parse(display_name).unwrap()),
            ..account(email)
        }
    }

    #[tokio::test]
    async fn a_new_account_is_signed_in() {
        let world = World::new();
        let register = Register::new(&world.ports, &world.policy);
        let new = NewAccount {
            display_name: Some(DisplayName::parse("Ana María").unwrap()),
            ..called("Ana@Example.org", "Ana")
        };
        let signed_in = register.run(new, ip(9)).await.unwrap();

        let user = &signed_in.person.user;
        assert_eq!(user.username.as_str(), "Ana");
        assert_eq!(user.display_name.as_str(), "Ana María");
        assert_eq!(user.email.as_ref().unwrap().as_str(), "ana@example.org");
        assert_eq!(user.created_at, world.now());
        assert_eq!(signed_in.session.user, user.id);
        assert_eq!(signed_in.session.origin, ip(9));
        assert_eq!(
            world.authenticate(&signed_in.access.token).await,
            Some(signed_in.session.id)
        );
        let caller = crate::Caller {
            user: user.id,
            session: signed_in.session.id,
        };
        assert!(world.password_is(&caller, PASSWORD).await);
    }

    #[tokio::test]
    async fn each_name_is_made_of_the_other() {
        let world = World::new();
        let register = Register::new(&world.ports, &world.policy);
        for (new, username, display_name) in [
            (called("a@example.org", "Ana.B"), "Ana.B", "Ana.B"),
            (
                read_as("b@example.org", "Ana María"),
                "ana.maria",
                "Ana María",
            ),
            (
                read_as("c@example.org", "Ana María"),
                "ana.maria2",
                "Ana María",
            ),
            (read_as("d@example.org", "李小龙"), "user", "李小龙"),
            (account("e@example.org"), "user2", "user2"),
        ] {
            let user = register.run(new, ip(9)).await.unwrap().person.user;
            assert_eq!(user.username.as_str(), username);
            assert_eq!(user.display_name.as_str(), display_name);
        }
    }

    #[tokio::test]
    async fn what_is_taken_is_refused_the_email_first() {
        let world = World::new();
        let register = Register::new(&world.ports, &world.policy);
        let ana = world.user("ana").await;
        for (new, expected) in [
            (called("ANA@example.org", "other"), Refusal::EmailTaken),
            (called("ana@example.org", "ana"), Refusal::EmailTaken),
            (read_as("ana@example.org", "Ana"), Refusal::EmailTaken),
            (called("other@example.org", "ANA"), Refusal::UsernameTaken),
        ] {
            assert_eq!(refusal(register.run(new, ip(9)).await), expected);
        }
        assert_eq!(world.sessions_of(&ana).await, [ana.session]);
        let free = register.run(called("other@example.org", "other"), ip(9));
        assert!(free.await.is_ok());
    }

    #[tokio::test]
    async fn an_address_registers_so_often_refused_or_not() {
        let mut world = World::new();
        world.policy.limits.registration.points = 3;
        let register = Register::new(&world.ports, &world.policy);
        assert!(
            register
                .run(called("a@example.org", "aaa"), ip(9))
                .await
                .is_ok()
        );
        for _ in 0..2 {
            let taken = register.run(called("a@example.org", "aaa"), ip(9)).await;
            assert_eq!(refusal(taken), Refusal::EmailTaken);
        }
        let fourth = register.run(called("b@example.org", "bbb"), ip(9)).await;
        let Err(Error::Limited(quota)) = fourth else {
            panic!("the fourth was let through");
        };
        assert_eq!(quota.name, "register");
        assert_eq!(quota.retry_after, Duration::from_mins(20));
        assert!(
            register
                .run(called("c@example.org", "ccc"), ip(8))
                .await
                .is_ok()
        );
        let nowhere = SessionOrigin::default();
        assert!(
            register
                .run(called("d@example.org", "ddd"), nowhere)
                .await
                .is_ok()
        );
        world.pass(quota.retry_after);
        assert!(
            register
                .run(called("b@example.org", "bbb"), ip(9))
                .await
                .is_ok()
        );
    }

    #[tokio::test]
    async fn without_a_session_there_is_no_account_and_both_names_are_free() {
        let mut world = World::new();
        let frail = FrailSessions::over(&world.ports.sessions);
        world.ports.sessions = Arc::<FrailSessions>::clone(&frail);
        let register = Register::new(&world.ports, &world.policy);
        // The session store is unavailable, or fails halfway.
        for answers in [0, 1] {
            frail.answer(answers);
            let answer = register.run(called("ana@example.org", "ana"), ip(9)).await;
            assert!(matches!(answer, Err(Error::Failed(_))));
            let email = Email::parse("ana@example.org").unwrap();
            let account = world.ports.users.account(&Login::Email(email)).await;
            assert!(account.unwrap().is_none());
        }
        frail.mend();
        let again = register.run(called("ana@example.org", "ana"), ip(9)).await;
        assert_eq!(again.unwrap().person.user.username.as_str(), "ana");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn of_many_at_once_with_one_email_one_succeeds() {
        let world = World::new();
        let register = Arc::new(Register::new(&world.ports, &world.policy));
        let try_it = async |register: Arc<Register>| {
            let new = called("ana@example.org", "ana");
            register.run(new, SessionOrigin::default()).await
        };
        let answers = at_once(16, || try_it(Arc::clone(&register))).await;
        let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(made.len(), 1);
        for answer in refused {
            assert_eq!(refusal(answer), Refusal::EmailTaken);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_at_once_of_one_name_all_get_another() {
        let world = World::new();
        let register = Arc::new(Register::new(&world.ports, &world.policy));
        let ids = Arc::clone(&world.ports.ids);
        let try_it = async |register: Arc<Register>, email: String| {
            let new = read_as(&email, "Ana");
            register.run(new, SessionOrigin::default()).await.unwrap()
        };
        let answers = at_once(16, || {
            let somebody = ids.next::<UserId>();
            try_it(Arc::clone(&register), format!("{somebody}@example.org"))
        })
        .await;
        let names: BTreeSet<String> = answers
            .iter()
            .map(|signed_in| signed_in.person.user.username.key())
            .collect();
        assert_eq!(names.len(), 16);
        assert!(names.contains("ana"));
    }
}
