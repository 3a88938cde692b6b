//! Ending one's own session.

use std::sync::Arc;

use domain::port::bus::Notice;
use domain::port::{AccessTokens, Clock, Sessions};
use domain::{RefreshToken, Refusal, SessionId, UserId};

use crate::announce::Announcer;
use crate::{Caller, Error, Ports};

/// Which session is to end.
pub enum Ending {
    /// The one that the caller is signed in with.
    Session(Caller),
    /// The one that a refresh token belongs to, spent or not. Its holder may end the session, since
    /// the token permits more than that.
    Token(RefreshToken),
    /// The one that a refresh token belongs to, or the caller's own if the token is not valid.
    TokenOr(RefreshToken, Caller),
}

/// Ends a session. Repeating it is harmless.
pub struct LogOut {
    sessions: Arc<dyn Sessions>,
    access_tokens: Arc<dyn AccessTokens>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
}

impl LogOut {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            sessions: Arc::clone(&ports.sessions),
            access_tokens: Arc::clone(&ports.access_tokens),
            clock: Arc::clone(&ports.clock),
            announcer: Announcer::new(&ports.bus),
        }
    }

    /// Ends the session, and with it its sockets.
    #[tracing::instrument(skip_all, name = "log_out")]
    pub async fn run(&self, ending: Ending) -> Result<(), Error> {
        let now = self.clock.now();
        let (id, user) = match ending {
            Ending::Session(caller) => (caller.session, caller.user),
            Ending::Token(token) => self.behind(&token).await?,
            Ending::TokenOr(token, caller) => match self.behind(&token).await {
                Err(Error::Refused(_)) => (caller.session, caller.user),
                found => found?,
            },
        };
        if self.sessions.end(id, user, now).await? {
            self.announcer.tell(Notice::SessionsEnded(vec![id])).await;
        }
        Ok(())
    }

    async fn behind(&self, token: &RefreshToken) -> Result<(SessionId, UserId), Error> {
        let digest = self.access_tokens.digest(token);
        let session = self
            .sessions
            .find_by_token(digest, self.clock.now())
            .await?
            .ok_or(Refusal::Unauthenticated)?;
        Ok((session.id, session.user))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, refusal};

    #[tokio::test]
    async fn only_this_session_ends() {
        let world = World::new();
        let log_out = LogOut::new(&world.ports);
        let phone = world.user("ana").await;
        let laptop = world.sign_in(phone.user).await;
        let mut ear = world.ear().await;

        log_out.run(Ending::Session(phone)).await.unwrap();
        assert_eq!(world.sessions_of(&laptop).await, [laptop.session]);
        assert_eq!(ear.heard(), [Notice::SessionsEnded(vec![phone.session])]);

        log_out.run(Ending::Session(phone)).await.unwrap();
        assert_eq!(ear.heard(), []);
    }

    #[tokio::test]
    async fn a_refresh_token_ends_its_session() {
        let world = World::new();
        let log_out = LogOut::new(&world.ports);
        let (ana, token) = world.user_with_token("ana").await;
        let mut ear = world.ear().await;

        let ending = Ending::Token(token.clone());
        log_out.run(ending).await.unwrap();
        assert_eq!(world.sessions_of(&ana).await, []);
        assert_eq!(ear.heard(), [Notice::SessionsEnded(vec![ana.session])]);

        let again = log_out.run(Ending::Token(token)).await;
        assert_eq!(refusal(again), Refusal::Unauthenticated);
    }

    #[tokio::test]
    async fn who_is_signed_in_needs_no_good_token() {
        let world = World::new();
        let log_out = LogOut::new(&world.ports);
        let (ana, token) = world.user_with_token("ana").await;
        let laptop = world.sign_in(ana.user).await;
        let nobodys = RefreshToken::from_string("abc".to_owned());
        let ending = Ending::TokenOr(nobodys, laptop);
        log_out.run(ending).await.unwrap();
        assert_eq!(world.sessions_of(&ana).await, [ana.session]);
        let ending = Ending::TokenOr(token, laptop);
        log_out.run(ending).await.unwrap();
        assert_eq!(world.sessions_of(&ana).await, []);
    }

    #[tokio::test]
    async fn an_unknown_token_ends_nothing() {
        let world = World::new();
        let ana = world.user("ana").await;
        let token = RefreshToken::from_string("abc".to_owned());
        let answer = LogOut::new(&world.ports).run(Ending::Token(token)).await;
        assert_eq!(refusal(answer), Refusal::Unauthenticated);
        assert_eq!(world.sessions_of(&ana).await, [ana.session]);
    }
}
