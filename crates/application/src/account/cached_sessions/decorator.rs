//! The decorator itself: when the store is queried, and what applies while it is unavailable.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use domain::port::bus::{Heard, Notice};
use domain::port::sessions::{Rotated, Rotation};
use domain::port::{Clock, Sessions};
use domain::{Failure, Session, SessionId, Timestamp, TokenDigest, UserId};

use super::known::{Hearsay, KnownSessions};
use crate::lock::lock;
use crate::steady::Outage;

/// How long a session is assumed live without asking the store when no notice says that it ended:
/// the bus may lose a notice.
pub(super) const MAX_AGE: Duration = Duration::from_secs(30);

/// How many sessions one half of the cache holds: more than a node ever serves at once.
const HALF: usize = 65_536;

/// Decorates [`Sessions`] for the hot path, which asks whether a session is live.
///
/// - An answer is cached for half a minute. A session may thus appear live for that much longer
///   than it is; no access token is issued for it in that time.
/// - An end that this node caused or was notified of takes effect at once and permanently: a
///   session never comes back to life.
/// - While the store is unavailable, the last answer remains valid. A session with no cached answer is
///   assumed live: its access token is signed and expires within minutes.
/// - A store that is there but overloaded, or that cannot read a session, is no such case: the
///   question fails.
/// - After it could not be reached, the store is left alone for a moment, so that requests do not all
///   wait for it in vain; after each pause a single request tries it again.
///
/// Everything else goes to the store and fails with it.
pub struct CachedSessions {
    inner: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
    known: Mutex<KnownSessions>,
    outage: Outage,
}

impl CachedSessions {
    /// A cache in front of `inner`.
    pub fn new(inner: Arc<dyn Sessions>, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            known: Mutex::new(KnownSessions::of(HALF)),
            outage: Outage::new("sessions", Arc::clone(&clock)),
            clock,
        }
    }

    /// Applies what nodes publish to each other.
    pub fn hear(&self, heard: &Heard) {
        match heard {
            Heard::Gap => lock(&self.known).doubt_all(),
            Heard::Notice(notice) => {
                if let Notice::SessionsEnded(ids) = notice.as_ref() {
                    lock(&self.known).end(ids);
                }
            }
        }
    }

    /// Asks the store about sessions whose state is unknown, and returns those that are live.
    async fn ask(&self, unsure: Vec<SessionId>, query: Query) -> Result<Vec<SessionId>, Failure> {
        let live = self.inner.live(&unsure, query.now);
        let answer = self.outage.reach(live).await?;
        let mut known = lock(&self.known);
        Ok(match answer {
            Some(alive) => {
                known.learn(&unsure, &alive, query.hearsay, query.at + MAX_AGE);
                // A session may have ended while the store was queried.
                known.last_known_alive(alive)
            }
            None => known.last_known_alive(unsure),
        })
    }
}

/// A query to the store.
struct Query {
    /// The caller's time, at which the sessions should be live.
    now: Timestamp,
    /// When the store was queried.
    at: Timestamp,
    /// The count of missed notices at that time.
    hearsay: Hearsay,
}

#[async_trait]
impl Sessions for CachedSessions {
    async fn open(&self, session: &Session, token: TokenDigest) -> Result<(), Failure> {
        let (at, hearsay) = (self.clock.now(), lock(&self.known).hearsay());
        self.inner.open(session, token).await?;
        let opened = [session.id];
        lock(&self.known).learn(&opened, &opened, hearsay, at + MAX_AGE);
        Ok(())
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        let rotated = self.inner.rotate(rotation).await?;
        if let Rotated::Reused(session) = &rotated {
            lock(&self.known).end(&[session.id]);
        }
        Ok(rotated)
    }

    async fn find_by_token(
        &self,
        token: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure> {
        self.inner.find_by_token(token, now).await
    }

    async fn of_user(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Failure> {
        self.inner.of_user(user, now).await
    }

    async fn live(&self, ids: &[SessionId], now: Timestamp) -> Result<Vec<SessionId>, Failure> {
        let at = self.clock.now();
        let (mut alive, unsure, hearsay) = {
            let known = lock(&self.known);
            let (alive, unsure) = known.sort_out(ids, at);
            (alive, unsure, known.hearsay())
        };
        if !unsure.is_empty() {
            alive.extend(self.ask(unsure, Query { now, at, hearsay }).await?);
        }
        Ok(alive)
    }

    async fn end(&self, id: SessionId, user: UserId, now: Timestamp) -> Result<bool, Failure> {
        let ended = self.inner.end(id, user, now).await?;
        if ended {
            lock(&self.known).end(&[id]);
        }
        Ok(ended)
    }

    async fn end_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, Failure> {
        let ended = self.inner.end_all(user, except, now).await?;
        lock(&self.known).end(&ended);
        Ok(ended)
    }
}
