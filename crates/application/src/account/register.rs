//! Making an account.

use std::sync::Arc;

use domain::port::limiter::{Limit, LimitKey};
use domain::port::users::{NewUser, Registered};
use domain::port::{Clock, Ids, IdsExt as _, Passwords, Users};
use domain::{DisplayName, Email, Password, PasswordHash, Refusal, SessionOrigin, User, Username};

use super::sign_in::SignIn;
use super::username_ideas::ideas;
use crate::address::host;
use crate::throttle::Throttle;
use crate::{Error, Policy, Ports, SignedIn};

/// Somebody who wants an account.
pub struct NewAccount {
    /// Where to reach them.
    pub email: Email,
    /// What they will prove themselves by.
    pub password: Password,
    /// What they want to sign in with; otherwise it is derived.
    pub username: Option<Username>,
    /// What others are to read; otherwise it is the username.
    pub display_name: Option<DisplayName>,
}

/// Makes an account and signs its owner in.
pub struct Register {
    users: Arc<dyn Users>,
    passwords: Arc<dyn Passwords>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    throttle: Throttle,
    limit: Limit,
    sign_in: SignIn,
}

impl Register {
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            passwords: Arc::clone(&ports.passwords),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            throttle: Throttle::new(ports),
            limit: policy.limits.registration,
            sign_in: SignIn::new(ports, policy),
        }
    }

    /// Registers somebody.
    ///
    /// What is refused counts against the limit as well: otherwise whole lists of addresses could be
    /// tried for whether they have an account.
    pub async fn run(&self, account: NewAccount, origin: SessionOrigin) -> Result<SignedIn, Error> {
        if let Some(ip) = origin.ip {
            let key = LimitKey::Registrations(host(ip));
            self.throttle.admit(&key, self.limit).await?;
        }
        let password = self.passwords.hash(&account.password).await?;
        let user = match account.username.clone() {
            Some(username) => {
                let new = self.new_user(&account, username, password);
                settle(self.users.register(&new).await?)?
            }
            None => self.register_under_any_name(&account, password).await?,
        };
        self.sign_in.open(user, origin).await
    }

    /// Tries usernames until one is free.
    async fn register_under_any_name(
        &self,
        account: &NewAccount,
        password: PasswordHash,
    ) -> Result<User, Error> {
        for username in ideas(name_of(account), &*self.ids) {
            let new = self.new_user(account, username, password.clone());
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
        account: &NewAccount,
        username: Username,
        password: PasswordHash,
    ) -> NewUser {
        let display_name = account.display_name.clone();
        NewUser {
            id: self.ids.next(),
            display_name: display_name.unwrap_or_else(|| DisplayName::from(&username)),
            username,
            email: account.email.clone(),
            password,
            at: self.clock.now(),
        }
    }
}

/// What a username is derived from where none was chosen. An e-mail address is not shown to others,
/// and neither is any part of it.
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
