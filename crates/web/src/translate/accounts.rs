//! Accounts and sessions.

use application::account::{NewAccount, Newcomer};
use application::{Caller, SignedIn};
use domain::{DisplayName, Email, Password, Refusal, Session, Username};
use protocol::{Secret, rest, shape};

use super::moments::to_wire;
use super::people::user;
use super::values::value;

/// The tokens of someone who has authenticated. With `in_cookie`, the refresh token is left out, as
/// it is sent in the cookie.
pub(crate) fn tokens(signed_in: SignedIn, in_cookie: bool) -> shape::Tokens {
    let SignedIn {
        person,
        access,
        refresh,
        session,
    } = signed_in;
    shape::Tokens {
        user: user(person),
        access_token: Secret::new(access.token),
        token_expires_at: to_wire(access.expires_at),
        refresh_token: (!in_cookie).then(|| Secret::new(refresh.reveal())),
        refresh_expires_at: to_wire(session.expires_at),
        session_id: session.id.as_uuid(),
    }
}

/// A session, as its owner sees it.
pub(crate) fn session(session: &Session, caller: &Caller) -> shape::Session {
    shape::Session {
        id: session.id.as_uuid(),
        created_at: to_wire(session.created_at),
        last_used_at: to_wire(session.last_used_at),
        expires_at: to_wire(session.expires_at),
        ip: session.origin.ip.map(|ip| ip.to_string()),
        user_agent: session.origin.user_agent.as_str().to_owned(),
        current: session.id == caller.session,
    }
}

/// The account to register.
pub(crate) fn new_account(form: rest::Register) -> Result<NewAccount, Refusal> {
    let username = form.username.map(Username::parse).transpose();
    let display_name = DisplayName::parse(form.display_name);
    Ok(NewAccount {
        email: value("email", Email::parse(form.email))?,
        password: new_password("password", form.password)?,
        username: value("username", username)?,
        display_name: Some(value("displayName", display_name)?),
    })
}

/// The person who is to have an account.
pub(crate) fn newcomer(form: rest::AddUser) -> Result<Newcomer, Refusal> {
    let username = form.username.map(Username::parse).transpose();
    let display_name = DisplayName::parse(form.display_name);
    Ok(Newcomer {
        email: value("email", Email::parse(form.email))?,
        username: value("username", username)?,
        display_name: Some(value("displayName", display_name)?),
    })
}

/// A new password.
pub(crate) fn new_password(field: &'static str, secret: Secret) -> Result<Password, Refusal> {
    value(field, Password::parse(secret.into_revealed()))
}
