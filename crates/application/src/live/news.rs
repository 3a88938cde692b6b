//! Announcements that are pending until they can be published.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;

use crate::lock::lock;

/// Maximum number of pending entries. Beyond it, news about further keys is dropped: nothing is
/// announced about them, but clients that read the state still get the right answer.
const MOST: usize = 65_536;

/// Pending announcements, the latest word per key.
pub(super) struct News<K, W> {
    words: Mutex<HashMap<K, W>>,
}

impl<K, W> Default for News<K, W> {
    fn default() -> Self {
        Self {
            words: Mutex::default(),
        }
    }
}

impl<K: Eq + Hash, W> News<K, W> {
    /// Records the latest word about a key. Dropped if the limit is reached and the key is not pending
    /// yet.
    pub(super) fn hear(&self, whom: K, word: W) {
        let mut words = lock(&self.words);
        if words.len() < MOST || words.contains_key(&whom) {
            words.insert(whom, word);
        }
    }

    /// Removes a pending entry that no longer needs to be announced.
    pub(super) fn forget(&self, whom: &K) {
        lock(&self.words).remove(whom);
    }

    /// Removes and returns at most `most` entries.
    pub(super) fn take(&self, most: usize) -> Vec<(K, W)> {
        let mut words = lock(&self.words);
        words.extract_if(|_, _| true).take(most).collect()
    }

    /// Removes and returns the entries that are due.
    pub(super) fn take_due(&self, is_due: impl Fn(&W) -> bool) -> Vec<(K, W)> {
        let mut words = lock(&self.words);
        words.extract_if(|_, word| is_due(word)).collect()
    }

    /// Puts back entries that could not be announced, except where something newer has been heard.
    pub(super) fn keep(&self, untold: impl IntoIterator<Item = (K, W)>) {
        let mut words = lock(&self.words);
        for (whom, word) in untold {
            if words.len() < MOST {
                words.entry(whom).or_insert(word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::UserId;
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn the_last_word_counts() {
        let news = News::default();
        news.hear(user(1), "came");
        news.hear(user(1), "went");
        assert_eq!(news.take(9), [(user(1), "went")]);
        assert_eq!(news.take(9), []);
    }

    #[test]
    fn what_was_untold_is_kept_unless_there_is_something_newer() {
        let news = News::default();
        news.hear(user(1), "came");
        news.keep([(user(1), "went"), (user(2), "went, too")]);
        let mut told = news.take(9);
        told.sort_unstable_by_key(|(user, _)| *user);
        assert_eq!(told, [(user(1), "came"), (user(2), "went, too")]);
    }

    #[test]
    fn what_is_forgotten_is_not_told() {
        let news = News::default();
        news.hear(user(1), "came");
        news.hear(user(2), "came");
        news.forget(&user(1));
        news.forget(&user(3));
        assert_eq!(news.take(9), [(user(2), "came")]);
    }

    #[test]
    fn what_is_not_due_yet_stays() {
        let news = News::default();
        news.hear(user(1), 1);
        news.hear(user(2), 2);
        assert_eq!(news.take_due(|due| *due < 2), [(user(1), 1)]);
        assert_eq!(news.take_due(|_| true), [(user(2), 2)]);
    }

    #[test]
    fn a_crowd_is_taken_out_bit_by_bit() {
        let news = News::default();
        for number in 0..10 {
            news.hear(user(number), "came");
        }
        let mut told = Vec::new();
        for most in [4, 4, 4] {
            let some = news.take(most);
            assert!(some.len() <= most);
            told.extend(some.into_iter().map(|(user, _)| user));
        }
        told.sort_unstable();
        assert_eq!(told, (0..10).map(user).collect::<Vec<_>>());
    }

    #[test]
    fn there_is_place_for_so_many_people() {
        let news = News::default();
        for number in (0..).take(MOST + 1) {
            news.hear(user(number), "came");
        }
        news.hear(user(0), "went");
        news.keep([(user(u128::MAX), "came")]);
        let told = news.take(usize::MAX);
        assert_eq!(told.len(), MOST);
        assert!(told.contains(&(user(0), "went")));
    }
}
