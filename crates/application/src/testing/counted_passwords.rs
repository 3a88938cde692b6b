//! Counting password verifications.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::port::Passwords;
use domain::{Failure, Password, PasswordHash};

/// Counts password verifications.
pub(crate) struct CountedPasswords {
    inner: Arc<dyn Passwords>,
    compared: AtomicUsize,
}

impl CountedPasswords {
    /// Counts verifications by `inner`.
    pub(crate) fn over(inner: &Arc<dyn Passwords>) -> Arc<Self> {
        Arc::new(Self {
            inner: Arc::clone(inner),
            compared: AtomicUsize::new(0),
        })
    }

    /// How many verifications there were since the last call.
    pub(crate) fn compared(&self) -> usize {
        self.compared.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl Passwords for CountedPasswords {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Failure> {
        self.inner.hash(password).await
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, Failure> {
        self.compared.fetch_add(1, Ordering::SeqCst);
        self.inner.verify(password, hash).await
    }
}
