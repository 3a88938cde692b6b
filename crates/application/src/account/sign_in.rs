//! What somebody gets who has just proved who they are.

use std::sync::Arc;
use std::time::Duration;

use domain::port::{AccessTokens, Clock, Ids, IdsExt as _, Sessions};
use domain::{Failure, RefreshToken, Session, SessionOrigin, User, UserId};

use crate::present::People;
use crate::{Caller, Error, Policy, Ports, SignedIn};

/// Opens sessions and issues the tokens to use them with.
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

    /// Makes sure that sessions can be opened, before something is stored elsewhere that is worth
    /// nothing without one.
    pub(super) async fn prepare(&self, user: UserId) -> Result<(), Failure> {
        let sessions = self.sessions.of_user(user, self.clock.now()).await;
        sessions.map(drop)
    }

    /// Opens a session for a person.
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

    /// Issues what a person goes on with in a session that is open already.
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
        let now = self.clock.now();
        let access = self.access_tokens.issue(user.id, session.id, now)?;
        let person = self.people.show_one(caller.user, user).await?;
        Ok(SignedIn {
            person,
            access,
            refresh,
            session,
        })
    }
}
