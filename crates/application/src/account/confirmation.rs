//! Asking a signed-in user for their password again.

use std::net::IpAddr;
use std::sync::Arc;

use domain::Refusal;
use domain::port::users::{Account, Login};
use domain::port::{Passwords, Users};

use super::attempts::Attempts;
use super::proof::proves;
use crate::{Caller, Error, Policy, Ports};

/// Confirms by password what a signed-in device alone may not do: the device may be in other hands.
#[derive(Clone)]
pub(super) struct Confirmation {
    users: Arc<dyn Users>,
    passwords: Arc<dyn Passwords>,
    attempts: Attempts,
}

impl Confirmation {
    pub(super) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            passwords: Arc::clone(&ports.passwords),
            attempts: Attempts::new(ports, policy),
        }
    }

    /// The caller's account, if this is its password. A wrong one counts as a failed login to it.
    pub(super) async fn ask(
        &self,
        caller: &Caller,
        typed: String,
        ip: Option<IpAddr>,
    ) -> Result<Account, Error> {
        let account = self
            .users
            .account(&Login::Id(caller.user))
            .await?
            .ok_or(Refusal::SessionRevoked)?;
        let attempt = self.attempts.begin_signed_in(caller.user, ip).await?;
        let proven = proves(&self.passwords, typed, Some(&account.password)).await;
        if !matches!(proven, Ok(false)) {
            self.attempts.forgive(attempt).await;
        }
        if proven? {
            Ok(account)
        } else {
            Err(Refusal::WrongPassword.into())
        }
    }
}
