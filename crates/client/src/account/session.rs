//! Staying signed in.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use protocol::Secret;
use protocol::rest::{Logout, Refresh};
use protocol::shape::{Session, Sessions, Tokens};
use reqwest::Response;
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::call::{Call, path};
use crate::http::{Http, ends_session, wants_token};
use crate::{Error, Events, Live, Options, Standing};

/// A signed-in user. Clones share the session.
///
/// Access tokens last for minutes. When one has expired it is renewed, once for all requests that
/// wait for it. This does not consult the clock, because clocks of devices may be wrong.
///
/// While the network or the server fails, requests that are safe to repeat are retried a few times:
/// those that only read, those that turn something on or off, and messages, because they have a
/// `clientId`.
#[derive(Clone)]
pub struct Account(Arc<Inner>);

struct Inner {
    http: Http,
    tokens: watch::Sender<Option<Tokens>>,
    /// Allows one renewal at a time.
    turn: Semaphore,
    renewals: TaskTracker,
}

impl Debug for Account {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("http", &self.0.http)
            .finish_non_exhaustive()
    }
}

impl Account {
    pub(crate) fn new(http: Http, tokens: Tokens) -> Self {
        Self(Arc::new(Inner {
            http,
            tokens: watch::Sender::new(Some(tokens)),
            turn: Semaphore::new(1),
            renewals: TaskTracker::new(),
        }))
    }

    /// The user's id.
    pub fn id(&self) -> Option<Uuid> {
        self.0.tokens.borrow().as_ref().map(|tokens| tokens.user.id)
    }

    /// The tokens, for [`Server::resume`](crate::Server::resume). `None` if the session is over.
    pub fn tokens(&self) -> Option<Tokens> {
        self.0.tokens.borrow().clone()
    }

    /// Watches the tokens, so that they can be stored. `None` means that the session is over.
    pub fn watch_tokens(&self) -> watch::Receiver<Option<Tokens>> {
        self.0.tokens.subscribe()
    }

    /// Opens the WebSocket, and resumes the rooms of this standing.
    pub fn live(&self, from: Standing) -> (Live, Events) {
        self.live_with(from, Options::default())
    }

    /// Like [`Account::live`], with options.
    pub fn live_with(&self, from: Standing, options: Options) -> (Live, Events) {
        Live::begin(self.clone(), from, options)
    }

    /// Signs out of this session.
    pub async fn logout(&self) -> Result<(), Error> {
        self.tell(Call::post(path([&"auth", &"logout"]), &Logout::default())?)
            .await?;
        self.end();
        Ok(())
    }

    /// Signs out of every session.
    pub async fn logout_everywhere(&self) -> Result<(), Error> {
        self.tell(Call::post(
            path([&"auth", &"logout-all"]),
            &Logout::default(),
        )?)
        .await?;
        self.end();
        Ok(())
    }

    /// The user's sessions, the most recently used first.
    pub async fn sessions(&self) -> Result<Vec<Session>, Error> {
        let told: Sessions = self.ask(Call::get(path([&"auth", &"sessions"]))).await?;
        Ok(told.sessions)
    }

    /// Ends one session.
    pub async fn end_session(&self, session: Uuid) -> Result<(), Error> {
        self.tell(Call::delete(path([&"auth", &"sessions", &session])))
            .await
    }

    pub(crate) fn http(&self) -> &Http {
        &self.0.http
    }

    pub(crate) fn token(&self) -> Result<Secret, Error> {
        let tokens = self.0.tokens.borrow();
        let token = tokens.as_ref().map(|tokens| tokens.access_token.clone());
        token.ok_or(Error::SignedOut)
    }

    pub(crate) fn end(&self) {
        self.0.tokens.send_replace(None);
    }

    /// A newer access token than this one. Cancelling this does not cancel the renewal: the server
    /// may have consumed the refresh token already, and its successor must not be lost.
    pub(crate) async fn renew(&self, stale: &Secret) -> Result<Secret, Error> {
        let (account, stale) = (self.clone(), stale.clone());
        let renewal = self
            .0
            .renewals
            .spawn(async move { account.renewed(&stale).await });
        renewal.await.unwrap_or(Err(Error::Closed))
    }

    async fn renewed(&self, stale: &Secret) -> Result<Secret, Error> {
        let _turn = self.0.turn.acquire().await;
        let token = self.token()?;
        if token != *stale {
            return Ok(token);
        }
        let refresh_token = self.tokens().and_then(|tokens| tokens.refresh_token);
        let call = Call::post(path([&"auth", &"refresh"]), &Refresh { refresh_token })?;
        // The server repeats its answer for a minute, so that losing one does no harm.
        match self.0.http.ask::<Tokens>(&call.repeatable(), None).await {
            Ok(tokens) => {
                let token = tokens.access_token.clone();
                self.0.tokens.send_replace(Some(tokens));
                Ok(token)
            }
            Err(error) => {
                if matches!(&error, Error::Refused(problem) if problem.status == Some(401)) {
                    self.end();
                }
                Err(error)
            }
        }
    }

    pub(crate) async fn ask<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let token = self.token()?;
        match self.0.http.ask(&call, Some(&token)).await {
            Err(error) => {
                let token = self.another(&token, error).await?;
                self.0.http.ask(&call, Some(&token)).await
            }
            answer => answer,
        }
    }

    pub(crate) async fn tell(&self, call: Call) -> Result<(), Error> {
        self.answer(call).await.map(drop)
    }

    /// The response, with its body unread.
    pub(crate) async fn answer(&self, call: Call) -> Result<Response, Error> {
        let token = self.token()?;
        match self.0.http.answer(&call, Some(&token)).await {
            Err(error) => {
                let token = self.another(&token, error).await?;
                self.0.http.answer(&call, Some(&token)).await
            }
            answer => answer,
        }
    }

    /// A newer token, if that may resolve this error.
    async fn another(&self, token: &Secret, error: Error) -> Result<Secret, Error> {
        if ends_session(&error) {
            self.end();
        }
        if wants_token(&error) {
            self.renew(token).await
        } else {
            Err(error)
        }
    }
}
