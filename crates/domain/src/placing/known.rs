//! What has to be known to decide on a batch.

use std::collections::{BTreeMap, HashMap};

use crate::port::messages::Fingerprint;
use crate::{ClientId, Emoji, Media, MediaId, Message, MessageId, Rev, RoomId, Seq};
use crate::{Timestamp, UserId};

/// Where a room stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its last seq.
    pub seq: Seq,
    /// Its last rev.
    pub rev: Rev,
    /// When something was last posted in it.
    pub active_at: Timestamp,
}

/// A message as it is, and which reactions to it are whose.
#[derive(Clone, Debug)]
pub struct Present {
    /// The message as nobody in particular sees it.
    pub message: Message,
    /// The reactions of those who are going to see it.
    pub own: Vec<(UserId, Emoji)>,
}

impl Present {
    /// The message with the reader's own reactions marked.
    pub fn seen_by(&self, reader: UserId) -> Message {
        self.clone().into_seen_by(reader)
    }

    /// The same, when nobody else is going to see it.
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

/// A message that was sent under a client id.
#[derive(Clone, Copy, Debug)]
pub struct Earlier {
    /// Which.
    pub message: MessageId,
    /// What it first said.
    pub fingerprint: Fingerprint,
}

/// An upload that a message wants to have.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The upload.
    pub media: Media,
    /// Whether it hangs, or once hung, on a message.
    pub attached: bool,
}

/// All that a batch refers to, as it is stored.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Its rooms, without unknown and deleted ones.
    pub rooms: BTreeMap<RoomId, Standing>,
    /// The messages with which its threads begin, and those that `sent` names.
    pub messages: HashMap<MessageId, Present>,
    /// What its senders sent before under the same client ids, in rooms that were not deleted.
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
