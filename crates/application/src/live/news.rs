//! Who came and who went, until it is told.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Timestamp, UserId};

/// How many people are kept at most. Of whom there is no more place nobody is told; whoever asks is
/// answered all the same.
const MOST: usize = 65_536;

/// What was heard of one person last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// They came online.
    Came,
    /// They went away, and were here last at this moment.
    Went(Timestamp),
}

/// What is not told yet: of each person the last word.
#[derive(Default)]
pub(super) struct News {
    words: Mutex<HashMap<UserId, Word>>,
}

impl News {
    /// Something was heard of a person.
    pub(super) fn hear(&self, user: UserId, word: Word) {
        let mut words = self.lock();
        if words.len() < MOST || words.contains_key(&user) {
            words.insert(user, word);
        }
    }

    /// Takes out what there is, at most of so many people.
    pub(super) fn take(&self, most: usize) -> Vec<(UserId, Word)> {
        let mut words = self.lock();
        words.extract_if(|_, _| true).take(most).collect()
    }

    /// Keeps what could not be told, for the next time, unless something newer was heard.
    pub(super) fn keep(&self, untold: impl IntoIterator<Item = (UserId, Word)>) {
        let mut words = self.lock();
        for (user, word) in untold {
            if words.len() < MOST {
                words.entry(user).or_insert(word);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Word>> {
        // Nothing in here is left half done by a panic.
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    fn went(millis: i64) -> Word {
        Word::Went(Timestamp::from_millis(millis))
    }

    #[test]
    fn the_last_word_counts() {
        let news = News::default();
        news.hear(user(1), Word::Came);
        news.hear(user(1), went(5));
        assert_eq!(news.take(9), [(user(1), went(5))]);
        assert_eq!(news.take(9), []);
    }

    #[test]
    fn what_was_untold_is_kept_unless_there_is_something_newer() {
        let news = News::default();
        news.hear(user(1), Word::Came);
        news.keep([(user(1), went(5)), (user(2), went(6))]);
        let mut told = news.take(9);
        told.sort_unstable_by_key(|(user, _)| *user);
        assert_eq!(told, [(user(1), Word::Came), (user(2), went(6))]);
    }

    #[test]
    fn a_crowd_is_taken_out_bit_by_bit() {
        let news = News::default();
        for number in 0..10 {
            news.hear(user(number), Word::Came);
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
            news.hear(user(number), Word::Came);
        }
        news.hear(user(0), went(1));
        news.keep([(user(u128::MAX), Word::Came)]);
        let told = news.take(usize::MAX);
        assert_eq!(told.len(), MOST);
        assert!(told.contains(&(user(0), went(1))));
    }
}
