//! All open sessions.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use engineioxide_core::Sid;

use super::session::Session;
use crate::lock::lock;

/// The number of shards, so that threads rarely contend.
const PARTS: usize = 16;

/// All open sessions, across all threads.
pub(crate) struct Registry {
    parts: [Mutex<HashMap<Sid, Arc<Session>>>; PARTS],
    count: AtomicUsize,
    most: usize,
}

impl Registry {
    pub(super) fn new(most: usize) -> Self {
        Self {
            parts: std::array::from_fn(|_| Mutex::default()),
            count: AtomicUsize::new(0),
            most,
        }
    }

    /// Returns `false` if there are too many.
    #[must_use]
    pub(super) fn insert(&self, session: &Arc<Session>) -> bool {
        if self.count.fetch_add(1, Ordering::AcqRel) >= self.most {
            self.count.fetch_sub(1, Ordering::AcqRel);
            return false;
        }
        if let Some(part) = self.part(session.sid) {
            lock(part).insert(session.sid, Arc::clone(session));
        }
        true
    }

    pub(crate) fn get(&self, sid: Sid) -> Option<Arc<Session>> {
        lock(self.part(sid)?).get(&sid).cloned()
    }

    pub(super) fn remove(&self, sid: Sid) {
        let removed = self.part(sid).and_then(|part| lock(part).remove(&sid));
        if removed.is_some() {
            self.count.fetch_sub(1, Ordering::AcqRel);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    pub(crate) fn all(&self) -> Vec<Arc<Session>> {
        let parts = self.parts.iter();
        parts
            .flat_map(|part| lock(part).values().cloned().collect::<Vec<_>>())
            .collect()
    }

    fn part(&self, sid: Sid) -> Option<&Mutex<HashMap<Sid, Arc<Session>>>> {
        let mut hasher = DefaultHasher::new();
        sid.hash(&mut hasher);
        let parts = u64::try_from(PARTS).ok()?;
        let index = usize::try_from(hasher.finish().checked_rem(parts)?).ok()?;
        self.parts.get(index)
    }
}
