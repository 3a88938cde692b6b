//! Resetting a lost password.

use std::sync::Arc;

use domain::port::users::Login;
use domain::port::{Passwords, Users};
use domain::{Email, Password, Refusal};

use super::end_all::EndAll;
use crate::{Error, Ports};

/// Replaces a user's password and ends all their sessions. There is no caller to authorise: only
/// the operator runs this, who may do anything.
pub struct ResetPassword {
    users: Arc<dyn Users>,
    passwords: Arc<dyn Passwords>,
    sessions: EndAll,
}

impl ResetPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            passwords: Arc::clone(&ports.passwords),
            sessions: EndAll::new(ports),
        }
    }

    /// Makes `new` the only password of the account with this address.
    ///
    /// The sessions end last, so that one opened with the old password in between ends as well. If
    /// that fails, the whole call may be repeated.
    #[tracing::instrument(skip_all, name = "reset_password")]
    pub async fn run(&self, email: &Email, new: &Password) -> Result<(), Error> {
        let hash = self.passwords.hash(new).await?;
        let login = Login::Email(email.clone());
        let user = loop {
            let Some(account) = self.users.account(&login).await? else {
                return Err(Refusal::NotFound.into());
            };
            let id = account.user.id;
            // The owner may be changing it at the same moment.
            if self
                .users
                .change_password(id, &account.password, &hash)
                .await?
            {
                break id;
            }
        };
        Ok(self.sessions.of(user, None).await?)
    }
}

#[cfg(test)]
mod tests {
    use domain::port::bus::Notice;

    use super::*;
    use crate::testing::{PASSWORD, World, refusal};

    fn new() -> Password {
        Password::parse("battery staple").unwrap()
    }

    #[tokio::test]
    async fn only_the_new_one_opens_and_all_sessions_end() {
        let world = World::new();
        let reset = ResetPassword::new(&world.ports);
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let mut ear = world.ear().await;
        let email = Email::parse("Ana@Example.org").unwrap();

        reset.run(&email, &new()).await.unwrap();
        assert!(world.password_is(&ana, "battery staple").await);
        assert!(!world.password_is(&ana, PASSWORD).await);
        assert_eq!(world.sessions_of(&ana).await, []);
        assert_eq!(world.sessions_of(&ben).await, [ben.session]);
        assert_eq!(ear.heard(), [Notice::SessionsEnded(vec![ana.session])]);
    }

    #[tokio::test]
    async fn nobodys_cannot_be_reset() {
        let world = World::new();
        let reset = ResetPassword::new(&world.ports);
        let email = Email::parse("nobody@example.org").unwrap();
        let answer = reset.run(&email, &new()).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }
}
