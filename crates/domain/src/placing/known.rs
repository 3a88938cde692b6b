//! What has to be known to place a batch.

use std::collections::{BTreeMap, HashMap};

use crate::port::messages::Fingerprint;
use crate::{ClientId, Emoji, Media, MediaId, Message, MessageId, Rev, RoomId, Seq};
use crate::{Timestamp, UserId};

/// The head of a room's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its last seq.
    pub seq: Seq,
    /// Its last rev.
    pub rev: Rev,
    /// When a message was last posted in it.
    pub active_at: Timestamp,
}

/// A message in its present state, and the users behind some of its reactions.
#[derive(Clone, Debug)]
pub struct Present {
    /// The message without any reaction marked as the reader's own.
    pub message: Message,
    /// The reactions of those who will see it.
    pub own: Vec<(UserId, Emoji)>,
}

impl Present {
    /// The message with the reader's own reactions marked.
    pub fn seen_by(&self, reader: UserId) -> Message {
        self.clone().into_seen_by(reader)
    }

    /// Like [`seen_by`](Self::seen_by), for the last reader: it saves the clone.
    #[must_use]
    pub fn into_seen_by(mut self, reader: UserId) -> Message {
        for (_, emoji) in self.own.iter().filter(|(user, _)| *user == reader) {
            let mut reactions = self.message.reactions.iter_mut();
            if let Some(reaction) = reactions.find(|reaction| reaction.emoji == *emoji) {
                reaction.mine = true;
            }
        }
        self.message
    }
}

/// A message that was sent earlier under a client id.
#[derive(Clone, Copy, Debug)]
pub struct Earlier {
    /// The message.
    pub message: MessageId,
    /// The fingerprint of its original content.
    pub fingerprint: Fingerprint,
}

/// An upload that a message of the batch wants to attach.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The upload.
    pub media: Media,
    /// Whether it is, or ever was, attached to a message.
    pub attached: bool,
}

/// Everything that a batch refers to, as it is stored.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Its rooms, except unknown and deleted ones.
    pub rooms: BTreeMap<RoomId, Standing>,
    /// The roots of its threads, and the messages that `sent` refers to.
    pub messages: HashMap<MessageId, Present>,
    /// What its senders sent earlier under the same client ids, in rooms that still exist.
    pub sent: HashMap<(UserId, ClientId), Earlier>,
    /// Its uploads.
    pub uploads: HashMap<MediaId, Upload>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reaction;
    use crate::placing::tests::{message, user};

    #[test]
    fn a_reader_sees_which_reactions_are_theirs() {
        let emoji = Emoji::parse("👍").unwrap();
        let mut message = message();
        message.reactions = vec![Reaction {
            emoji: emoji.clone(),
            count: 2,
            mine: false,
        }];
        let present = Present {
            message,
            own: vec![(user(1), emoji)],
        };
        assert!(present.seen_by(user(1)).reactions[0].mine);
        assert!(!present.seen_by(user(2)).reactions[0].mine);
    }
}
