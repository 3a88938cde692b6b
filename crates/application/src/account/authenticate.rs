//! Authenticating the caller by access token.

use std::sync::Arc;

use domain::port::access_tokens::Verified;
use domain::port::{AccessTokens, Clock, Sessions};
use domain::{Refusal, Timestamp};

use crate::{Caller, Error, Ports};

/// An authenticated caller, and until when their token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Believed {
    /// The user and session that the token was issued to.
    pub caller: Caller,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// Accepts an access token while it is valid and its session is live.
pub struct Authenticate {
    access_tokens: Arc<dyn AccessTokens>,
    sessions: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
}

impl Authenticate {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            access_tokens: Arc::clone(&ports.access_tokens),
            sessions: Arc::clone(&ports.sessions),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// The caller that the token was issued to.
    #[tracing::instrument(skip_all, name = "authenticate")]
    pub async fn run(&self, token: &str) -> Result<Caller, Error> {
        self.believe(token).await.map(|believed| believed.caller)
    }

    /// The caller that the token was issued to, and when it expires, for connections that outlive a
    /// request.
    pub async fn believe(&self, token: &str) -> Result<Believed, Error> {
        let now = self.clock.now();
        let claims = match self.access_tokens.verify(token, now) {
            Verified::Valid(claims) => claims,
            Verified::Expired => return Err(Refusal::TokenExpired.into()),
            Verified::Invalid => return Err(Refusal::Unauthenticated.into()),
        };
        let live = self.sessions.live(&[claims.session], now).await?;
        if live.contains(&claims.session) {
            Ok(Believed {
                caller: Caller {
                    user: claims.user,
                    session: claims.session,
                },
                expires_at: claims.expires_at,
            })
        } else {
            Err(Refusal::SessionRevoked.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::{World, refusal};

    #[tokio::test]
    async fn a_token_is_believed_while_it_holds_and_its_session_lives() {
        let world = World::new();
        let authenticate = Authenticate::new(&world.ports);
        let ana = world.user("ana").await;
        let token = world.token(&ana);
        assert_eq!(authenticate.run(&token).await.unwrap(), ana);
        let believed = Believed {
            caller: ana,
            expires_at: world.now() + Duration::from_mins(15),
        };
        assert_eq!(authenticate.believe(&token).await.unwrap(), believed);

        world.pass(Duration::from_mins(15));
        assert_eq!(
            refusal(authenticate.run(&token).await),
            Refusal::TokenExpired
        );
    }

    #[tokio::test]
    async fn a_token_of_an_ended_session_is_not() {
        let world = World::new();
        let authenticate = Authenticate::new(&world.ports);
        let ana = world.user("ana").await;
        let sessions = &world.ports.sessions;
        sessions
            .end(ana.session, ana.user, world.now())
            .await
            .unwrap();
        assert_eq!(
            refusal(authenticate.run(&world.token(&ana)).await),
            Refusal::SessionRevoked
        );
    }

    #[tokio::test]
    async fn what_is_not_ours_is_nothing() {
        let world = World::new();
        let authenticate = Authenticate::new(&world.ports);
        let ana = world.user("ana").await;
        let mut forged = world.token(&ana);
        forged.push('x');
        for token in ["", "token", "a.b.c", forged.as_str()] {
            assert_eq!(
                refusal(authenticate.run(token).await),
                Refusal::Unauthenticated
            );
        }
    }
}
