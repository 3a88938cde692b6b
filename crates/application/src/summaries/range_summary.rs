//! The finished summary of a range, and who wrote in it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::port::summariser::Digest;
use domain::{Timestamp, UserId};

/// Maximum number of authors recorded with their message counts: those who wrote most. If one of the
/// others deletes their account, that goes unnoticed until the cached summary expires.
pub(super) const MOST_SPEAKERS: usize = 1_024;

/// The finished summary of a range, and who wrote in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RangeSummary {
    pub(super) digest: Digest,
    pub(super) said: Said,
    /// When it was made.
    pub(super) at: Timestamp,
    /// Whether a part of it was not made by the model, as it should have been.
    pub(super) degraded: bool,
}

/// How many messages there were, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The number of messages.
    pub(super) messages: i64,
    /// The number of messages per author.
    pub(super) speakers: BTreeMap<UserId, u32>,
    /// Which of them had already deleted their account when the messages were read.
    pub(super) nameless: BTreeSet<UserId>,
}

impl Said {
    /// Counts one more message.
    pub(super) fn add(&mut self, speaker: UserId) {
        self.messages = self.messages.saturating_add(1);
        let count = self.speakers.entry(speaker).or_default();
        *count = count.saturating_add(1);
    }

    /// Adds the counts of another range.
    pub(super) fn join(&mut self, other: &Self) {
        self.messages = self.messages.saturating_add(other.messages);
        for (speaker, more) in &other.speakers {
            let count = self.speakers.entry(*speaker).or_default();
            *count = count.saturating_add(*more);
        }
        self.nameless.extend(&other.nameless);
    }

    /// The authors with the most messages, in descending order; ties are ordered by id.
    pub(super) fn loudest(&self, most: usize) -> Vec<UserId> {
        let mut ranked: Vec<(UserId, u32)> = self.speakers.iter().map(|(k, n)| (*k, *n)).collect();
        ranked.sort_by_key(|(speaker, count)| (Reverse(*count), *speaker));
        ranked.truncate(most);
        ranked.into_iter().map(|(speaker, _)| speaker).collect()
    }

    /// The same, limited to the [`MOST_SPEAKERS`] most active authors.
    pub(super) fn bounded(mut self) -> Self {
        if self.speakers.len() > MOST_SPEAKERS {
            let loudest: BTreeSet<_> = self.loudest(MOST_SPEAKERS).into_iter().collect();
            self.speakers.retain(|speaker, _| loudest.contains(speaker));
            self.nameless.retain(|speaker| loudest.contains(speaker));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn those_who_say_most_come_first() {
        let mut said = Said::default();
        for speaker in [3, 1, 3, 2, 3, 2] {
            said.add(user(speaker));
        }
        let mut more = Said::default();
        for _ in 0..5 {
            more.add(user(1));
        }
        more.add(user(4));
        said.join(&more);
        assert_eq!(said.messages, 12);
        assert_eq!(said.loudest(9), [1, 3, 2, 4].map(user));
        assert_eq!(said.loudest(1), [user(1)]);
    }

    #[test]
    fn of_a_crowd_the_loudest_are_kept_and_all_are_counted() {
        let mut said = Said::default();
        for number in 0..1_100 {
            for _ in 0..=number {
                said.add(user(number));
            }
        }
        let messages = said.messages;
        let bounded = said.bounded();
        assert_eq!(bounded.speakers.len(), MOST_SPEAKERS);
        assert_eq!(bounded.messages, messages);
        assert_eq!(bounded.loudest(1), [user(1_099)]);
    }
}
