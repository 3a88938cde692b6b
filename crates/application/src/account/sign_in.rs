//! Issuing a session and tokens to a user who has just authenticated.

use std::sync::Arc;
use std::time::Duration;

use domain::port::access_tokens::IssuedToken;
use domain::port::{AccessTokens, Clock, Ids, IdsExt as _, Sessions};
use domain::{Failure, RefreshToken, Session, SessionOrigin, User, UserId};

use crate::present::People;
use crate::{Caller, Error, Policy, Ports, SignedIn};

/// Opens sessions and issues their tokens.
#[derive(Clone)]
pub(super) struct SignIn {
    sessions: Arc<dyn Sessions>,
    access_tokens: Arc<dyn AccessTokens>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    people: People,
    lifetime: Duration,
}

impl SignIn {
    pub(super) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            sessions: Arc::clone(&ports.sessions),
            access_tokens: Arc::clone(&ports.access_tokens),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            people: People::new(ports),
            lifetime: policy.session_lifetime,
        }
    }

    /// Checks that sessions can be opened, before something is stored elsewhere that is useless
    /// without one.
    pub(super) async fn prepare(&self, user: UserId) -> Result<(), Failure> {
        let sessions = self.sessions.of_user(user, self.clock.now()).await;
        sessions.map(drop)
    }

    /// Opens a session for a user.
    pub(super) async fn open(&self, user: User, origin: SessionOrigin) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let session = Session {
            id: self.ids.next(),
            user: user.id,
            created_at: now,
            last_used_at: now,
            expires_at: now + self.lifetime,
            origin,
        };
        let refresh = self.access_tokens.new_refresh();
        let digest = self.access_tokens.digest(&refresh);
        self.sessions.open(&session, digest).await?;
        self.go_on(user, session, refresh).await
    }

    /// Issues tokens for a session that is already open.
    pub(super) async fn go_on(
        &self,
        user: User,
        session: Session,
        refresh: RefreshToken,
    ) -> Result<SignedIn, Error> {
        let caller = Caller {
            user: user.id,
            session: session.id,
        };
        let access = self.access_token(&session)?;
        let person = self.people.show_one(caller.user, user).await?;
        Ok(SignedIn {
            person,
            access,
            refresh,
            session,
        })
    }

    /// Dated when the session was renewed, so that concurrent refreshes get the same token; unless half of
    /// its life is over by now.
    fn access_token(&self, session: &Session) -> Result<IssuedToken, Failure> {
        let issue = |at| self.access_tokens.issue(session.user, session.id, at);
        let (now, renewed) = (self.clock.now().as_millis(), session.last_used_at);
        let token = issue(renewed)?;
        let past = now - renewed.as_millis();
        let left = token.expires_at.as_millis() - now;
        if past <= left {
            return Ok(token);
        }
        issue(self.clock.now())
    }
}
