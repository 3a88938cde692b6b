//! A map of recent entries with bounded size.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use domain::Timestamp;

/// Whether a cached entry that is valid until `until`, and was cached for at most `most`, is still
/// valid at `now`. It is not if the clock has been set back, as it would then stay valid for longer
/// than `most`.
pub(crate) fn is_believed(until: Timestamp, most: Duration, now: Timestamp) -> bool {
    now < until && until <= now + most
}

/// Keeps the most recently inserted entries, without tracking when one was last used.
///
/// It has two halves: when the younger one is full it replaces the older one, whose entries are
/// dropped. So it holds at least the last `half` inserted entries, and at most twice as many.
pub(crate) struct Recent<K, V> {
    half: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// A map that holds at least `half` entries.
    pub(crate) fn of(half: usize) -> Self {
        Self {
            half,
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// The value last inserted under this key.
    pub(crate) fn find(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    /// Inserts a value, replacing the previous one.
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
