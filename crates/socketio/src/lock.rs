//! Locks that are held only briefly, and never across an await.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic while the lock is held leaves nothing half-updated that matters: every change is one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
