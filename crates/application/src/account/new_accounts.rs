//! Storing new accounts, under names that are free.

use std::sync::Arc;

use domain::port::users::{NewUser, Registered};
use domain::port::{Clock, Ids, Passwords, Users};
use domain::{DisplayName, Email, Password, PasswordHash, Refusal, User, UserId, Username};

use super::username_ideas::ideas;
use crate::{Error, Ports};

/// The details of a new account.
pub struct NewAccount {
    /// The e-mail address.
    pub email: Email,
    /// The password.
    pub password: Password,
    /// The username; derived if absent.
    pub username: Option<Username>,
    /// The name shown to others; the username if absent.
    pub display_name: Option<DisplayName>,
}

/// Stores new accounts.
pub(super) struct NewAccounts {
    users: Arc<dyn Users>,
    passwords: Arc<dyn Passwords>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl NewAccounts {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            passwords: Arc::clone(&ports.passwords),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
        }
    }

    /// Stores an account under an id that is not in use.
    pub(super) async fn create(&self, id: UserId, account: &NewAccount) -> Result<User, Error> {
        let password = self.passwords.hash(&account.password).await?;
        match account.username.clone() {
            Some(username) => {
                let new = self.new_user(id, account, username, password);
                settle(self.users.register(&new).await?)
            }
            None => self.create_under_any_name(id, account, password).await,
        }
    }

    /// Erases an account whose creation was not confirmed to its owner.
    pub(super) async fn take_back(&self, id: UserId) {
        if let Err(failure) = self.users.erase(id, self.clock.now()).await {
            tracing::error!(
                user = %id,
                error = %failure.chain(),
                "could not erase the account of a failed registration; it may still exist"
            );
        }
    }

    /// Tries generated usernames until one is free.
    async fn create_under_any_name(
        &self,
        id: UserId,
        account: &NewAccount,
        password: PasswordHash,
    ) -> Result<User, Error> {
        for username in ideas(name_of(account), &*self.ids) {
            let new = self.new_user(id, account, username, password.clone());
            match self.users.register(&new).await? {
                Registered::UsernameTaken => {}
                settled @ (Registered::Created(_) | Registered::EmailTaken) => {
                    return settle(settled);
                }
            }
        }
        Err(Refusal::UsernameTaken.into())
    }

    fn new_user(
        &self,
        id: UserId,
        account: &NewAccount,
        username: Username,
        password: PasswordHash,
    ) -> NewUser {
        let display_name = account.display_name.clone();
        NewUser {
            id,
            display_name: display_name.unwrap_or_else(|| DisplayName::from(&username)),
            username,
            email: account.email.clone(),
            password,
            at: self.clock.now(),
        }
    }
}

/// What a username is derived from if none was chosen. No part of an e-mail address is used, since
/// others must not see it.
fn name_of(account: &NewAccount) -> &str {
    account
        .display_name
        .as_ref()
        .map_or("", DisplayName::as_str)
}

fn settle(registered: Registered) -> Result<User, Error> {
    match registered {
        Registered::Created(user) => Ok(user),
        Registered::EmailTaken => Err(Refusal::EmailTaken.into()),
        Registered::UsernameTaken => Err(Refusal::UsernameTaken.into()),
    }
}
