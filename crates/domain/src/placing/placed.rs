//! What is to be written after placing a batch.

use std::collections::{BTreeMap, HashMap};

use super::{Present, Standing};
use crate::port::messages::NewMessage;
use crate::{Message, MessageId, RoomId, Seq, UserId};

/// A message of the batch, or one that the batch refers to.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) present: Present,
    /// Whether it belongs to the batch itself.
    fresh: bool,
    /// Whether the batch contains replies to it.
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
    /// The new messages in batch order, each in its state after the whole batch.
    pub fn messages(&self) -> impl Iterator<Item = (&NewMessage, &Message)> {
        self.fresh.iter().filter_map(|new| {
            let entry = self.entries.get(&new.id)?;
            Some((*new, &entry.present.message))
        })
    }

    /// The thread roots that were stored before the batch, with their new counts and revs.
    pub fn threads(&self) -> impl Iterator<Item = &Message> {
        let counted = self.entries.values();
        let counted = counted.filter(|entry| entry.counted && !entry.fresh);
        counted.map(|entry| &entry.present.message)
    }

    /// The new heads of the rooms in which something was stored.
    pub fn rooms(&self) -> &BTreeMap<RoomId, Standing> {
        &self.rooms
    }

    /// The senders' new cursors: a sender has read their own messages.
    pub fn cursors(&self) -> BTreeMap<(RoomId, UserId), Seq> {
        self.messages()
            .map(|(new, message)| ((new.room, new.sender), message.seq))
            .collect()
    }
}
