//! Who is connected to this node.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::{SessionId, UserId};

use crate::connection::Owner;
use crate::hub::lock;
use crate::thrift::trim_map;

/// Counts the connections of users and of sessions, across all workers.
#[derive(Default)]
pub(crate) struct Census {
    counts: Mutex<Counts>,
    numbers: AtomicU64,
}

#[derive(Default)]
struct Counts {
    people: HashMap<UserId, usize>,
    sessions: HashMap<SessionId, usize>,
}

impl Census {
    pub(crate) fn add(&self, owner: Owner) {
        let mut counts = lock(&self.counts);
        *counts.people.entry(owner.user).or_default() += 1;
        *counts.sessions.entry(owner.session).or_default() += 1;
        metrics::gauge!("tertulia_connections").increment(1);
    }

    pub(crate) fn remove(&self, owner: Owner) {
        let mut counts = lock(&self.counts);
        count_down(&mut counts.people, &owner.user);
        count_down(&mut counts.sessions, &owner.session);
        metrics::gauge!("tertulia_connections").decrement(1);
    }

    pub(crate) fn connections_of(&self, user: UserId) -> usize {
        lock(&self.counts).people.get(&user).copied().unwrap_or(0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.counts).people.is_empty()
    }

    pub(crate) fn sessions(&self) -> Vec<SessionId> {
        lock(&self.counts).sessions.keys().copied().collect()
    }

    /// Those of these sessions that have connections here.
    pub(crate) fn of_these(&self, sessions: &[SessionId]) -> Vec<SessionId> {
        let counts = lock(&self.counts);
        let here = sessions
            .iter()
            .filter(|id| counts.sessions.contains_key(id));
        here.copied().collect()
    }

    /// A number that no other caller gets.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed) + 1
    }
}

fn count_down<K: Eq + std::hash::Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
            trim_map(counts);
        }
    }
}
