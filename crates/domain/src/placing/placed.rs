//! What a batch leaves to be written.

use std::collections::{BTreeMap, HashMap};

use super::{Present, Standing};
use crate::port::messages::NewMessage;
use crate::{Message, MessageId, RoomId, Seq, UserId};

/// A message of the batch, or one that the batch refers to.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) present: Present,
    /// Whether it is of the batch itself.
    fresh: bool,
    /// Whether the batch brings replies to it.
    pub(super) counted: bool,
}

impl Entry {
    pub(super) const fn stored(present: Present) -> Self {
        Self {
            present,
            fresh: false,
            counted: false,
        }
    }

    pub(super) const fn fresh(message: Message) -> Self {
        Self {
            present: Present {
                message,
                own: Vec::new(),
            },
            fresh: true,
            counted: false,
        }
    }
}

/// What is to be stored of a batch.
#[derive(Debug, Default)]
pub struct Placed<'a> {
    pub(super) fresh: Vec<&'a NewMessage>,
    pub(super) entries: HashMap<MessageId, Entry>,
    pub(super) rooms: BTreeMap<RoomId, Standing>,
}

impl Placed<'_> {
    /// The new messages in the order of the batch, each as all of the batch leaves it.
    pub fn messages(&self) -> impl Iterator<Item = (&NewMessage, &Message)> {
        self.fresh.iter().filter_map(|new| {
            let entry = self.entries.get(&new.id)?;
            Some((*new, &entry.present.message))
        })
    }

    /// The beginnings of threads that were stored before, with their new counts and revs.
    pub fn threads(&self) -> impl Iterator<Item = &Message> {
        let counted = self.entries.values();
        let counted = counted.filter(|entry| entry.counted && !entry.fresh);
        counted.map(|entry| &entry.present.message)
    }

    /// Where the rooms stand in which something was stored.
    pub fn rooms(&self) -> &BTreeMap<RoomId, Standing> {
        &self.rooms
    }

    /// The senders' cursors: who posts has read what they posted.
    pub fn cursors(&self) -> BTreeMap<(RoomId, UserId), Seq> {
        self.messages()
            .map(|(new, message)| ((new.room, new.sender), message.seq))
            .collect()
    }
}
