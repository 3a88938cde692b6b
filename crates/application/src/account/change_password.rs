//! Changing one's own password.

use std::net::IpAddr;
use std::sync::Arc;

use domain::port::{Passwords, Users};
use domain::{Failure, Password, PasswordHash, Refusal};

use super::confirmation::Confirmation;
use super::end_all::EndAll;
use crate::{Caller, Error, Policy, Ports};

/// Replaces the caller's password and ends all their other sessions: a password is often changed
/// because somebody else has learnt it.
pub struct ChangePassword {
    users: Arc<dyn Users>,
    passwords: Arc<dyn Passwords>,
    sessions: EndAll,
    confirmation: Confirmation,
}

impl ChangePassword {
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            passwords: Arc::clone(&ports.passwords),
            sessions: EndAll::new(ports),
            confirmation: Confirmation::new(ports, policy),
        }
    }

    /// Replaces `current` with `new`. A wrong `current` counts as a failed login to the account.
    ///
    /// Passwords and sessions are in two stores. The sessions end first, which does no harm should
    /// the other store fail, and once more afterwards: one may have been opened in between with the
    /// old password. If that fails, the old password is restored, so that `current` is still
    /// correct when the caller retries.
    #[tracing::instrument(skip_all, name = "change_password")]
    pub async fn run(
        &self,
        caller: &Caller,
        current: String,
        new: Password,
        ip: Option<IpAddr>,
    ) -> Result<(), Error> {
        let account = self.confirmation.ask(caller, current, ip).await?;
        let hash = self.passwords.hash(&new).await?;
        self.end_others(caller).await?;
        if !self.change(caller, &account.password, &hash).await? {
            // Another change came first, so `current` is no longer the password.
            return Err(Refusal::WrongPassword.into());
        }
        let ended = self.end_others(caller).await;
        if ended.is_err() {
            self.change_back(caller, &hash, &account.password).await;
        }
        Ok(ended?)
    }

    async fn change(
        &self,
        caller: &Caller,
        known: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, Failure> {
        self.users.change_password(caller.user, known, new).await
    }

    async fn change_back(&self, caller: &Caller, new: &PasswordHash, old: &PasswordHash) {
        if let Err(failure) = self.change(caller, new, old).await {
            tracing::error!(
                user = %caller.user,
                error = %failure.chain(),
                "could not restore the password after a failed change; the new one may apply"
            );
        }
    }

    async fn end_others(&self, caller: &Caller) -> Result<(), Failure> {
        let stays = Some(caller.session);
        self.sessions.of(caller.user, stays).await
    }
}

#[cfg(test)]
mod tests {
    use domain::port::bus::Notice;

    use super::*;
    use crate::testing::{FrailSessions, PASSWORD, World, refusal};

    fn new() -> Password {
        Password::parse("battery staple").unwrap()
    }

    #[tokio::test]
    async fn the_new_one_holds_and_other_sessions_end() {
        let world = World::new();
        let change = ChangePassword::new(&world.ports, &world.policy);
        let (phone, ben) = (world.user("ana").await, world.user("ben").await);
        let laptop = world.sign_in(phone.user).await;
        let mut ear = world.ear().await;

        change
            .run(&laptop, PASSWORD.to_owned(), new(), None)
            .await
            .unwrap();
        assert!(world.password_is(&phone, "battery staple").await);
        assert!(!world.password_is(&phone, PASSWORD).await);
        assert_eq!(world.sessions_of(&phone).await, [laptop.session]);
        assert_eq!(world.sessions_of(&ben).await, [ben.session]);
        assert_eq!(ear.heard(), [Notice::SessionsEnded(vec![phone.session])]);
    }

    #[tokio::test]
    async fn a_wrong_current_one_changes_nothing() {
        let world = World::new();
        let change = ChangePassword::new(&world.ports, &world.policy);
        let phone = world.user("ana").await;
        let laptop = world.sign_in(phone.user).await;
        let long = "x".repeat(73);
        for current in ["wrong horse", "", "short", long.as_str()] {
            let answer = change.run(&laptop, current.to_owned(), new(), None).await;
            assert_eq!(refusal(answer), Refusal::WrongPassword);
        }
        assert!(world.password_is(&phone, PASSWORD).await);
        assert_eq!(world.sessions_of(&phone).await.len(), 2);
    }

    #[tokio::test]
    async fn unless_the_other_sessions_end_the_old_one_holds() {
        let mut world = World::new();
        let frail = FrailSessions::over(&world.ports.sessions);
        world.ports.sessions = Arc::<FrailSessions>::clone(&frail);
        let change = ChangePassword::new(&world.ports, &world.policy);
        let phone = world.user("ana").await;
        // The session store is unavailable, or fails halfway.
        for answers in [0, 1] {
            frail.answer(answers);
            let answer = change.run(&phone, PASSWORD.to_owned(), new(), None).await;
            assert!(matches!(answer, Err(Error::Failed(_))));
            assert!(world.password_is(&phone, PASSWORD).await);
        }
        frail.mend();
        let again = change.run(&phone, PASSWORD.to_owned(), new(), None).await;
        again.unwrap();
        assert!(world.password_is(&phone, "battery staple").await);
    }

    #[tokio::test]
    async fn guesses_are_limited() {
        let mut world = World::new();
        world.policy.limits.login_network.points = 2;
        let ip = Some(IpAddr::from([203, 0, 113, 9]));
        let change = ChangePassword::new(&world.ports, &world.policy);
        let ana = world.user("ana").await;
        for _ in 0..2 {
            let wrong = change.run(&ana, "wrong horse".to_owned(), new(), ip).await;
            assert_eq!(refusal(wrong), Refusal::WrongPassword);
        }
        let third = change.run(&ana, PASSWORD.to_owned(), new(), ip).await;
        assert!(matches!(third, Err(Error::Limited(_))));
        assert!(world.password_is(&ana, PASSWORD).await);
    }

    #[tokio::test]
    async fn of_two_changes_at_once_one_succeeds() {
        let world = World::new();
        let change = ChangePassword::new(&world.ports, &world.policy);
        let ana = world.user("ana").await;
        let other = Password::parse("quiet zebra").unwrap();
        let (one, two) = futures::join!(
            change.run(&ana, PASSWORD.to_owned(), new(), None),
            change.run(&ana, PASSWORD.to_owned(), other, None),
        );
        let kept = match (one, two) {
            (Ok(()), Err(Error::Refused(Refusal::WrongPassword))) => "battery staple",
            (Err(Error::Refused(Refusal::WrongPassword)), Ok(())) => "quiet zebra",
            other => panic!("{other:?}"),
        };
        assert!(world.password_is(&ana, kept).await);
    }

    #[tokio::test]
    async fn who_was_erased_has_none() {
        let world = World::new();
        let ana = world.user("ana").await;
        world
            .ports
            .users
            .erase(ana.user, world.now())
            .await
            .unwrap();
        let change = ChangePassword::new(&world.ports, &world.policy);
        let answer = change.run(&ana, PASSWORD.to_owned(), new(), None).await;
        assert_eq!(refusal(answer), Refusal::SessionRevoked);
    }
}
