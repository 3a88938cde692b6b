//! Renewing a session whose access token is about to expire.

use std::sync::Arc;
use std::time::Duration;

use domain::port::bus::Notice;
use domain::port::sessions::{Rotated, Rotation};
use domain::port::{AccessTokens, Clock, Sessions, Users};
use domain::{RefreshToken, Refusal, Session, SessionOrigin, User};

use super::sign_in::SignIn;
use crate::announce::Announcer;
use crate::{Error, Policy, Ports, SignedIn};

/// Exchanges a refresh token for its successor and a new access token.
///
/// The successor is derived from the presented token, so a client that lost the answer can ask
/// again and gets the same one, for a short grace period. A token that is presented after that, or
/// after its successor was used, has two holders: the session ends for both.
pub struct Refresh {
    sessions: Arc<dyn Sessions>,
    users: Arc<dyn Users>,
    access_tokens: Arc<dyn AccessTokens>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
    sign_in: SignIn,
    lifetime: Duration,
    grace: Duration,
}

impl Refresh {
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            sessions: Arc::clone(&ports.sessions),
            users: Arc::clone(&ports.users),
            access_tokens: Arc::clone(&ports.access_tokens),
            clock: Arc::clone(&ports.clock),
            announcer: Announcer::new(&ports.bus),
            sign_in: SignIn::new(ports, policy),
            lifetime: policy.session_lifetime,
            grace: policy.refresh_grace,
        }
    }

    /// Renews the session that the token belongs to.
    ///
    /// The session's user is in another store and is looked up before the token is spent: if that
    /// failed afterwards for longer than the grace period, the client's retry would look like a
    /// stolen token.
    #[tracing::instrument(skip_all, name = "refresh")]
    pub async fn run(
        &self,
        presented: RefreshToken,
        origin: SessionOrigin,
    ) -> Result<SignedIn, Error> {
        let owner = self.owner(&presented).await?;
        let replacement = self.access_tokens.successor(&presented);
        let now = self.clock.now();
        let rotation = Rotation {
            presented: self.access_tokens.digest(&presented),
            replacement: self.access_tokens.digest(&replacement),
            at: now,
            grace: self.grace,
            expires_at: now + self.lifetime,
            origin,
        };
        match self.sessions.rotate(&rotation).await? {
            Rotated::Renewed(session) | Rotated::Repeated(session) => {
                let owner = owner.ok_or(Refusal::Unauthenticated)?;
                self.sign_in.go_on(owner, session, replacement).await
            }
            Rotated::Reused(session) => {
                self.tell_ended(&session).await;
                Err(Refusal::RefreshReused.into())
            }
            Rotated::Revoked => Err(Refusal::SessionRevoked.into()),
            Rotated::Unknown => Err(Refusal::Unauthenticated.into()),
        }
    }

    /// The user whose session the token belongs to, if the session is live.
    async fn owner(&self, token: &RefreshToken) -> Result<Option<User>, Error> {
        let (digest, now) = (self.access_tokens.digest(token), self.clock.now());
        let Some(session) = self.sessions.find_by_token(digest, now).await? else {
            return Ok(None);
        };
        let found = self.users.find(&[session.user]).await?.pop();
        match found {
            Some(user) if user.erased_at.is_none() => Ok(Some(user)),
            // Erasing an account ends its sessions; one that slipped through ends here.
            Some(_) | None => {
                self.sessions.end(session.id, session.user, now).await?;
                self.tell_ended(&session).await;
                Err(Refusal::SessionRevoked.into())
            }
        }
    }

    async fn tell_ended(&self, session: &Session) {
        let ended = Notice::SessionsEnded(vec![session.id]);
        self.announcer.tell(ended).await;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::net::IpAddr;

    use super::*;
    use crate::testing::{UsersAway, World, at_once, refusal};

    fn origin() -> SessionOrigin {
        SessionOrigin {
            ip: Some(IpAddr::from([203, 0, 113, 9])),
            ..SessionOrigin::default()
        }
    }

    async fn signed_in(world: &World) -> (Refresh, SignedIn) {
        let ana = world.user("ana").await;
        let user = world.ports.users.find(&[ana.user]).await.unwrap().remove(0);
        let sign_in = SignIn::new(&world.ports, &world.policy);
        let signed_in = sign_in.open(user, SessionOrigin::default()).await.unwrap();
        (Refresh::new(&world.ports, &world.policy), signed_in)
    }

    #[tokio::test]
    async fn a_session_goes_on_with_new_tokens() {
        let world = World::new();
        let (refresh, old) = signed_in(&world).await;
        world.pass(Duration::from_hours(1));
        let new = refresh.run(old.refresh.clone(), origin()).await.unwrap();

        assert_ne!(new.refresh, old.refresh);
        assert_eq!(new.session.id, old.session.id);
        assert_eq!(new.session.origin, origin());
        assert_eq!(new.session.last_used_at, world.now());
        assert_eq!(
            new.session.expires_at,
            world.now() + world.policy.session_lifetime
        );
        assert!(new.person.user.email.is_some());
        assert_eq!(
            world.authenticate(&new.access.token).await,
            Some(old.session.id)
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn twenty_at_once_get_one_pair() {
        let world = World::new();
        let (refresh, old) = signed_in(&world).await;
        let refresh = Arc::new(refresh);
        let renew =
            async |refresh: Arc<Refresh>, token| refresh.run(token, origin()).await.unwrap();
        let pairs: BTreeSet<(String, String)> =
            at_once(20, || renew(Arc::clone(&refresh), old.refresh.clone()))
                .await
                .into_iter()
                .map(|answer| (answer.refresh.reveal().to_owned(), answer.access.token))
                .collect();
        assert_eq!(pairs.len(), 1);

        let (last, _) = pairs.into_iter().next().unwrap();
        let again = refresh.run(RefreshToken::from_string(last), origin()).await;
        assert!(again.is_ok());
    }

    #[tokio::test]
    async fn a_spent_token_gets_the_same_again_until_the_grace_ends() {
        let world = World::new();
        let mut ear = world.ear().await;
        let (refresh, old) = signed_in(&world).await;
        let new = refresh.run(old.refresh.clone(), origin()).await.unwrap();
        let moment = Duration::from_millis(1);
        world.pass(world.policy.refresh_grace.saturating_sub(moment));
        let again = refresh.run(old.refresh.clone(), origin()).await.unwrap();
        assert_eq!(again.refresh, new.refresh);
        assert_eq!(again.access.token, new.access.token);
        assert_eq!(ear.heard(), []);

        world.pass(moment * 2);
        let late = refresh.run(old.refresh, origin()).await;
        assert_eq!(refusal(late), Refusal::RefreshReused);
        assert_eq!(ear.heard(), [Notice::SessionsEnded(vec![old.session.id])]);
        assert_eq!(world.authenticate(&new.access.token).await, None);
        let owner = refresh.run(new.refresh, origin()).await;
        assert_eq!(refusal(owner), Refusal::SessionRevoked);
    }

    #[tokio::test]
    async fn a_token_whose_successor_was_used_ends_the_session_at_once() {
        let world = World::new();
        let (refresh, first) = signed_in(&world).await;
        let second = refresh.run(first.refresh.clone(), origin()).await.unwrap();
        let third = refresh.run(second.refresh, origin()).await.unwrap();
        let stolen = refresh.run(first.refresh, origin()).await;
        assert_eq!(refusal(stolen), Refusal::RefreshReused);
        let owner = refresh.run(third.refresh, origin()).await;
        assert_eq!(refusal(owner), Refusal::SessionRevoked);
    }

    #[tokio::test]
    async fn an_unknown_or_expired_token_is_nobodys() {
        let world = World::new();
        let (refresh, old) = signed_in(&world).await;
        for token in ["", "abc", old.access.token.as_str()] {
            let token = RefreshToken::from_string(token.to_owned());
            let answer = refresh.run(token, origin()).await;
            assert_eq!(refusal(answer), Refusal::Unauthenticated);
        }
        world.pass(world.policy.session_lifetime);
        let answer = refresh.run(old.refresh, origin()).await;
        assert_eq!(refusal(answer), Refusal::Unauthenticated);
    }

    #[tokio::test]
    async fn while_the_owner_cannot_be_found_the_token_stays_unspent() {
        let mut world = World::new();
        let (_, old) = signed_in(&world).await;
        let users = std::mem::replace(&mut world.ports.users, Arc::new(UsersAway));
        let refresh = Refresh::new(&world.ports, &world.policy);
        let answer = refresh.run(old.refresh.clone(), origin()).await;
        assert!(matches!(answer, Err(Error::Failed(_))));

        world.pass(world.policy.refresh_grace * 2);
        world.ports.users = users;
        let refresh = Refresh::new(&world.ports, &world.policy);
        let new = refresh.run(old.refresh, origin()).await.unwrap();
        assert_eq!(new.session.id, old.session.id);
    }

    #[tokio::test]
    async fn an_erased_persons_session_ends() {
        let world = World::new();
        let (refresh, old) = signed_in(&world).await;
        let id = old.person.user.id;
        world.ports.users.erase(id, world.now()).await.unwrap();
        let mut ear = world.ear().await;
        let answer = refresh.run(old.refresh.clone(), origin()).await;
        assert_eq!(refusal(answer), Refusal::SessionRevoked);
        assert_eq!(ear.heard(), [Notice::SessionsEnded(vec![old.session.id])]);
        assert_eq!(world.authenticate(&old.access.token).await, None);
    }
}
