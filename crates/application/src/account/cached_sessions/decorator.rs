//! The decorator itself: when the store is asked, and what holds when it cannot be.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::port::bus::{Heard, Notice};
use domain::port::sessions::{Rotated, Rotation};
use domain::port::{Clock, Sessions};
use domain::{Failure, Session, SessionId, Timestamp, TokenDigest, UserId};

use super::known::{Hearsay, KnownSessions};
use crate::steady::Outage;

/// For how long a session is taken to live without asking, when nobody says that it ended: the bus may
/// lose a notice.
pub(super) const MAX_AGE: Duration = Duration::from_secs(30);

/// How many sessions one half of the memory holds: more than one node ever has at work at once.
const HALF: usize = 65_536;

/// Decorates [`Sessions`] for the hot path, where it is asked whether a session lives.
///
/// - An answer is believed for half a minute, then asked for anew. So a session may seem to live for
///   as much longer than it does; no access token is issued for it in that time.
/// - An end that this node caused or heard of counts at once, and for good: a session never comes back
///   to life.
/// - While the store cannot be asked, the last answer holds. A session that was never asked about is
///   believed: its access token is signed and ends within minutes.
/// - A store that failed is left alone for a moment, so that requests do not all wait for it in vain,
///   and then asked by one of them after each rest.
///
/// Everything else goes to the store and fails with it.
pub struct CachedSessions {
    inner: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
    known: Mutex<KnownSessions>,
    outage: Outage,
}

impl CachedSessions {
    /// Remembers what `inner` answers.
    pub fn new(inner: Arc<dyn Sessions>, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            known: Mutex::new(KnownSessions::of(HALF)),
            outage: Outage::new("sessions", Arc::clone(&clock)),
            clock,
        }
    }

    /// Takes in what nodes tell each other.
    pub fn hear(&self, heard: &Heard) {
        match heard {
            Heard::Gap => self.lock().doubt_all(),
            Heard::Notice(notice) => {
                if let Notice::SessionsEnded(ids) = notice.as_ref() {
                    self.lock().end(ids);
                }
            }
        }
    }

    /// Asks the store about sessions of which nothing certain is known, and says which of them live.
    async fn ask(&self, unsure: Vec<SessionId>, asked: Asked) -> Vec<SessionId> {
        let answer = self.outage.ask(self.inner.live(&unsure, asked.now)).await;
        let mut known = self.lock();
        match answer {
            Some(alive) => {
                known.learn(&unsure, &alive, asked.hearsay, asked.at + MAX_AGE);
                // One may have ended while it was asked about.
                known.last_known_alive(alive)
            }
            None => known.last_known_alive(unsure),
        }
    }

    fn lock(&self) -> MutexGuard<'_, KnownSessions> {
        // Nothing in here is left half done by a panic.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question to the store.
struct Asked {
    /// The caller's moment, at which sessions are to live.
    now: Timestamp,
    /// When it was asked.
    at: Timestamp,
    /// What had been heard of by then.
    hearsay: Hearsay,
}

#[async_trait]
impl Sessions for CachedSessions {
    async fn open(&self, session: &Session, token: TokenDigest) -> Result<(), Failure> {
        let (at, hearsay) = (self.clock.now(), self.lock().hearsay());
        self.inner.open(session, token).await?;
        let opened = [session.id];
        self.lock().learn(&opened, &opened, hearsay, at + MAX_AGE);
        Ok(())
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        let rotated = self.inner.rotate(rotation).await?;
        if let Rotated::Reused(session) = &rotated {
            self.lock().end(&[session.id]);
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
            let known = self.lock();
            let (alive, unsure) = known.sort_out(ids, at);
            (alive, unsure, known.hearsay())
        };
        if !unsure.is_empty() {
            alive.extend(self.ask(unsure, Asked { now, at, hearsay }).await);
        }
        Ok(alive)
    }

    async fn end(&self, id: SessionId, user: UserId, now: Timestamp) -> Result<bool, Failure> {
        let ended = self.inner.end(id, user, now).await?;
        if ended {
            self.lock().end(&[id]);
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
        self.lock().end(&ended);
        Ok(ended)
    }
}
