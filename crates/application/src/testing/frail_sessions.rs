//! A session store that fails after a number of calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::port::Sessions;
use domain::port::sessions::{Rotated, Rotation};
use domain::{Failure, Session, SessionId, Timestamp, TokenDigest, UserId};

/// Answers a limited number of calls, and then fails until it is mended.
pub(crate) struct FrailSessions {
    inner: Arc<dyn Sessions>,
    answers: AtomicUsize,
}

impl FrailSessions {
    /// Answers from `inner` without limit, until told otherwise.
    pub(crate) fn over(inner: &Arc<dyn Sessions>) -> Arc<Self> {
        Arc::new(Self {
            inner: Arc::clone(inner),
            answers: AtomicUsize::new(usize::MAX),
        })
    }

    /// Answers this many more calls.
    pub(crate) fn answer(&self, times: usize) {
        self.answers.store(times, Ordering::SeqCst);
    }

    /// Answers without limit again.
    pub(crate) fn mend(&self) {
        self.answer(usize::MAX);
    }

    fn here(&self) -> Result<(), Failure> {
        let fewer = |left: usize| left.checked_sub(1);
        let order = Ordering::SeqCst;
        let answers = self.answers.fetch_update(order, order, fewer);
        answers
            .map(drop)
            .map_err(|_none_left| Failure::passing("sessions", "answer", "connection refused"))
    }
}

#[async_trait]
impl Sessions for FrailSessions {
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
        self.here()?;
        self.inner.live(ids, now).await
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
