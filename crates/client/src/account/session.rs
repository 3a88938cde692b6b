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

/// Somebody who is signed in. Clones are the same.
///
/// Access tokens last for minutes. When one has run out it is renewed, once for all who ask meanwhile;
/// no clock is asked for that, because those of devices may be wrong.
///
/// What is safe to repeat is repeated a few times while the network or the server fails: all that only
/// reads, what can be switched on and off, and messages, because they have a `clientId`.
#[derive(Clone)]
pub struct Account(Arc<Inner>);

struct Inner {
    http: Http,
    tokens: watch::Sender<Option<Tokens>>,
    /// One renews at a time.
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

    /// Who this is.
    pub fn id(&self) -> Option<Uuid> {
        self.0.tokens.borrow().as_ref().map(|tokens| tokens.user.id)
    }

    /// What [`Server::resume`](crate::Server::resume) takes. None if the session is over.
    pub fn tokens(&self) -> Option<Tokens> {
        self.0.tokens.borrow().clone()
    }

    /// Tells of each change of the tokens, for whoever keeps them. None says that the session is over.
    pub fn watch_tokens(&self) -> watch::Receiver<Option<Tokens>> {
        self.0.tokens.subscribe()
    }

    /// Opens the socket, and goes on in the rooms of this standing.
    pub fn live(&self, from: Standing) -> (Live, Events) {
        self.live_with(from, Options::default())
    }

    /// The same, in another way than usual.
    pub fn live_with(&self, from: Standing, options: Options) -> (Live, Events) {
        Live::begin(self.clone(), from, options)
    }

    /// Signs out, here.
    pub async fn logout(&self) -> Result<(), Error> {
        self.tell(Call::post(path([&"auth", &"logout"]), &Logout::default())?)
            .await?;
        self.end();
        Ok(())
    }

    /// Signs out on every device.
    pub async fn logout_everywhere(&self) -> Result<(), Error> {
        self.tell(Call::post(
            path([&"auth", &"logout-all"]),
            &Logout::default(),
        )?)
        .await?;
        self.end();
        Ok(())
    }

    /// Where one is signed in, the session used last first.
    pub async fn sessions(&self) -> Result<Vec<Session>, Error> {
        let told: Sessions = self.ask(Call::get(path([&"auth", &"sessions"]))).await?;
        Ok(told.sessions)
    }

    /// Signs out somewhere.
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

    /// Another access token than this one. Whoever stops waiting for it does not stop it: the server has
    /// perhaps taken the refresh token, and what it gave for it must not be lost.
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
        // Repeated within a minute it gets the same answer, so that a lost one does no harm.
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

    /// The answer, whose body is read by whoever asked.
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

    /// Another token, if that may help against this.
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
