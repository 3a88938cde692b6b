//! A memory that never grows beyond its bound.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use domain::Timestamp;

/// Whether something that is believed until then, and never for longer than `most`, is believed now.
/// When the clock was set back it is not: it might be believed for as long as the clock went back.
pub(crate) fn is_believed(until: Timestamp, most: Duration, now: Timestamp) -> bool {
    now < until && until <= now + most
}

/// Remembers what was kept of late, without noting when anything was used.
///
/// Two halves: when the younger one is full it becomes the older one, and what was in that is gone.
/// So the memory holds at least the last `half` things that were kept, and at most twice as many.
pub(crate) struct Recent<K, V> {
    half: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// A memory of at least so many things.
    pub(crate) fn of(half: usize) -> Self {
        Self {
            half,
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// What was kept last under this key.
    pub(crate) fn find(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    /// Keeps a value instead of the one before.
    pub(crate) fn keep(&mut self, key: K, value: V) {
        if self.young.len() >= self.half && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_value_is_found() {
        let mut recent = Recent::of(2);
        recent.keep("a", 1);
        recent.keep("a", 2);
        assert_eq!(recent.find(&"a"), Some(&2));
        assert_eq!(recent.find(&"b"), None);
    }

    #[test]
    fn so_many_are_held_and_never_twice_as_many_more() {
        let mut recent = Recent::of(3);
        for number in 0..100 {
            recent.keep(number, ());
            let held = (0..100).filter(|key| recent.find(key).is_some()).count();
            assert!(held <= 6);
            for latest in (0..=number).rev().take(3) {
                assert!(recent.find(&latest).is_some());
            }
        }
    }

    #[test]
    fn a_value_kept_anew_outlives_its_half() {
        let mut recent = Recent::of(2);
        recent.keep("a", 1);
        recent.keep("b", 1);
        recent.keep("c", 1);
        recent.keep("a", 2);
        recent.keep("d", 1);
        assert_eq!(recent.find(&"a"), Some(&2));
    }
}
