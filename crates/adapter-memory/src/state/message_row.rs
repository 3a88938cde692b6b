//! A stored message.

use std::collections::BTreeSet;

use domain::{Emoji, MediaId, Message, Reaction, UserId};

/// A message, with its uploads and reactions kept separately, because they depend on the reader.
pub(crate) struct MessageRow {
    /// Its attachments and reactions are empty.
    pub(crate) message: Message,
    pub(crate) attachments: Vec<MediaId>,
    /// In the order of their first use.
    pub(crate) reactions: Vec<(Emoji, BTreeSet<UserId>)>,
}

impl MessageRow {
    /// The reactions as a reader sees them.
    pub(crate) fn reactions_for(&self, reader: UserId) -> Vec<Reaction> {
        self.reactions
            .iter()
            .map(|(emoji, people)| Reaction {
                emoji: emoji.clone(),
                count: count(people.len()),
                mine: people.contains(&reader),
            })
            .collect()
    }
}

fn count(people: usize) -> i64 {
    i64::try_from(people).unwrap_or(i64::MAX)
}
