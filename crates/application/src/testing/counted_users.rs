//! Counting user lookups.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::port::Users;
use domain::port::users::{Account, Login, NewUser, ProfileChange, ProfileChanged, Registered};
use domain::{Failure, PasswordHash, Timestamp, User, UserId};

/// Counts user lookups.
pub(crate) struct CountedUsers {
    inner: Arc<dyn Users>,
    asked: AtomicUsize,
}

impl CountedUsers {
    /// Counts the lookups in `inner`.
    pub(crate) fn over(inner: &Arc<dyn Users>) -> Arc<Self> {
        Arc::new(Self {
            inner: Arc::clone(inner),
            asked: AtomicUsize::new(0),
        })
    }

    /// How many lookups there were since the last call.
    pub(crate) fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl Users for CountedUsers {
    async fn register(&self, user: &NewUser) -> Result<Registered, Failure> {
        self.inner.register(user).await
    }

    async fn find(&self, ids: &[UserId]) -> Result<Vec<User>, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.inner.find(ids).await
    }

    async fn account(&self, login: &Login) -> Result<Option<Account>, Failure> {
        self.inner.account(login).await
    }

    async fn change_profile(
        &self,
        id: UserId,
        change: &ProfileChange,
    ) -> Result<ProfileChanged, Failure> {
        self.inner.change_profile(id, change).await
    }

    async fn change_password(
        &self,
        id: UserId,
        known: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, Failure> {
        self.inner.change_password(id, known, new).await
    }

    async fn erase(&self, id: UserId, at: Timestamp) -> Result<bool, Failure> {
        self.inner.erase(id, at).await
    }

    async fn seen(&self, sightings: &[(UserId, Timestamp)]) -> Result<(), Failure> {
        self.inner.seen(sightings).await
    }
}
