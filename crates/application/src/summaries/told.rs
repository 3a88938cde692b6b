//! What was told of a stretch, and who spoke in it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::port::summariser::Digest;
use domain::{Timestamp, UserId};

/// Of how many people it is kept how much they said: those who said most. In a greater crowd it is not noticed
/// of the others that they have deleted their account, until what was told is not kept any more.
pub(super) const MOST_SPEAKERS: usize = 1_024;

/// What was told of a stretch, and who spoke in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) digest: Digest,
    pub(super) said: Said,
    /// When it was told.
    pub(super) at: Timestamp,
    /// Whether some of it is told by others than the model that should have.
    pub(super) degraded: bool,
}

/// How much was said, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// How many messages stand there.
    pub(super) messages: i64,
    /// How many of them are whose.
    pub(super) speakers: BTreeMap<UserId, u32>,
    /// Which of them had no name any more when they were read.
    pub(super) nameless: BTreeSet<UserId>,
}

impl Said {
    /// One more message.
    pub(super) fn add(&mut self, speaker: UserId) {
        self.messages = self.messages.saturating_add(1);
        let count = self.speakers.entry(speaker).or_default();
        *count = count.saturating_add(1);
    }

    /// What was said elsewhere as well.
    pub(super) fn join(&mut self, other: &Self) {
        self.messages = self.messages.saturating_add(other.messages);
        for (speaker, more) in &other.speakers {
            let count = self.speakers.entry(*speaker).or_default();
            *count = count.saturating_add(*more);
        }
        self.nameless.extend(&other.nameless);
    }

    /// Those who said most first; of those who said as much, those who were first here.
    pub(super) fn loudest(&self, most: usize) -> Vec<UserId> {
        let mut ranked: Vec<(UserId, u32)> = self.speakers.iter().map(|(k, n)| (*k, *n)).collect();
        ranked.sort_by_key(|(speaker, count)| (Reverse(*count), *speaker));
        ranked.truncate(most);
        ranked.into_iter().map(|(speaker, _)| speaker).collect()
    }

    /// The same with fewer speakers.
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
