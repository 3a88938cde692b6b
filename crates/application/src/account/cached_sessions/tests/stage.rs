//! A session store that stalls and fails on command.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::port::Sessions;
use domain::port::sessions::{Rotated, Rotation};
use domain::{Failure, Session, SessionId, Timestamp, TokenDigest, UserId};
use tokio::sync::Semaphore;

/// Records which sessions are queried, answers once its gate is open, and can be made unavailable.
pub(super) struct Stage {
    inner: Arc<dyn Sessions>,
    away: AtomicBool,
    overloaded: AtomicBool,
    gate: Semaphore,
    asked: Mutex<Vec<Vec<SessionId>>>,
}

impl Stage {
    /// A wrapper around a store, with its gate open.
    pub(super) fn before(inner: &Arc<dyn Sessions>) -> Self {
        Self {
            inner: Arc::clone(inner),
            away: AtomicBool::new(false),
            overloaded: AtomicBool::new(false),
            gate: Semaphore::new(1),
            asked: Mutex::default(),
        }
    }

    /// Makes the store unavailable, or available again.
    pub(super) fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    /// Makes the store refuse calls because too many wait for it, or accept them again.
    pub(super) fn set_overloaded(&self, overloaded: bool) {
        self.overloaded.store(overloaded, Ordering::SeqCst);
    }

    /// Withholds answers until the gate is opened again.
    pub(super) async fn close_gate(&self) {
        self.gate.acquire().await.unwrap().forget();
    }

    /// Lets answers through.
    pub(super) fn open_gate(&self) {
        self.gate.add_permits(1);
    }

    /// Which sessions were queried since the last call.
    pub(super) fn asked(&self) -> Vec<Vec<SessionId>> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn here(&self) -> Result<(), Failure> {
        if self.away.load(Ordering::SeqCst) {
            Err(Failure::passing("sessions", "answer", "connection refused"))
        } else if self.overloaded.load(Ordering::SeqCst) {
            Err(Failure::overloaded(
                "sessions",
                "answer",
                "the queue is full",
            ))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Sessions for Stage {
    async fn open(&self, session: &Session, token: TokenDigest) -> Result<(), Failure> {
        self.here()?;
        self.inner.open(session, token).await
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        self.here()?;
        self.inner.rotate(rotation).await
    }

    async fn find_by_token(
        &self,
        token: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure> {
        self.here()?;
        self.inner.find_by_token(token, now).await
    }

    async fn of_user(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Failure> {
        self.here()?;
        self.inner.of_user(user, now).await
    }

    async fn live(&self, ids: &[SessionId], now: Timestamp) -> Result<Vec<SessionId>, Failure> {
        self.asked.lock().unwrap().push(ids.to_vec());
        self.here()?;
        let answer = self.inner.live(ids, now).await;
        let passed = self.gate.acquire().await.unwrap();
        drop(passed);
        answer
    }

    async fn end(&self, id: SessionId, user: UserId, now: Timestamp) -> Result<bool, Failure> {
        self.here()?;
        self.inner.end(id, user, now).await
    }

    async fn end_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, Failure> {
        self.here()?;
        self.inner.end_all(user, except, now).await
    }
}
