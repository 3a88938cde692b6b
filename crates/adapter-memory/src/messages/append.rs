//! Appending messages to their rooms' logs.

use std::collections::HashSet;

use domain::port::messages::{Appended, NewMessage, ReplyTo, Stored};
use domain::{Failure, MediaStatus, MessageId, Rev, RoomId, Seq};

use crate::state::{MessageRow, State};

impl State {
    pub(super) fn append(&mut self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        self.check_batch(batch)
            .map_err(|what| Failure::lasting("messages", "append", what))?;
        Ok(batch.iter().map(|new| self.append_one(new)).collect())
    }

    /// What a database's constraints would reject. Checked before anything is stored, so that a batch
    /// is stored as a whole or not at all.
    fn check_batch(&self, batch: &[NewMessage]) -> Result<(), String> {
        if let Some(stranger) = self.stranger(batch.iter().map(|new| new.sender)) {
            return Err(stranger);
        }
        let mut ids = HashSet::new();
        let mut clients = HashSet::new();
        for new in batch {
            if let Some(ReplyTo { thread, .. }) = &new.reply_to
                && self.rooms.contains_key(&new.room)
                && !self.places.contains_key(thread)
                && !ids.contains(thread)
            {
                return Err(format!("there is no thread {thread}"));
            }
            let client = new.client.map(|(client, _)| (new.sender, client));
            let repeated =
                client.is_some_and(|key| self.sent.contains_key(&key) || !clients.insert(key));
            let used = self.places.contains_key(&new.id) || !ids.insert(new.id);
            if used && !repeated {
                return Err(format!("the id {} is in use", new.id));
            }
        }
        Ok(())
    }

    fn append_one(&mut self, new: &NewMessage) -> Appended {
        if !self.rooms.contains_key(&new.room) {
            return Appended::NoRoom;
        }
        if let Some(earlier) = self.earlier(new) {
            return earlier;
        }
        if !self.attachable(new) {
            return Appended::Unattachable;
        }
        let Some(seq) = self.store(new) else {
            return Appended::NoRoom;
        };
        let thread = new
            .reply_to
            .and_then(|to| self.count_reply(new.room, to.thread));
        let shown = |state: &Self, seq| {
            let row = state.rooms.get(&new.room)?.log.get(&seq)?;
            Some(state.show(row, new.sender))
        };
        match shown(self, seq) {
            Some(message) => Appended::Stored(Box::new(Stored {
                message,
                thread: thread.and_then(|root| shown(self, root)),
            })),
            None => Appended::NoRoom,
        }
    }

    /// What was sent before under the same client id, ignoring deleted rooms.
    fn earlier(&self, new: &NewMessage) -> Option<Appended> {
        let (client, fingerprint) = new.client?;
        let (id, known) = self.sent.get(&(new.sender, client))?;
        let row = self.message(*id)?;
        if row.message.room == new.room && *known == fingerprint {
            Some(Appended::Duplicate(Box::new(self.show(row, new.sender))))
        } else {
            Some(Appended::Conflict)
        }
    }

    fn attachable(&self, new: &NewMessage) -> bool {
        let mut once = HashSet::new();
        new.attachments.iter().all(|id| {
            once.insert(*id)
                && self.media.get(id).is_some_and(|row| {
                    row.message.is_none()
                        && row.media.owner == new.sender
                        && row.media.room == Some(new.room)
                        && row.media.status != MediaStatus::Rejected
                })
        })
    }

    fn store(&mut self, new: &NewMessage) -> Option<Seq> {
        let row = self.rooms.get_mut(&new.room)?;
        let seq = row.push_message(MessageRow {
            message: new.message(Seq::ZERO, Rev::ZERO),
            attachments: new.attachments.clone(),
            reactions: Vec::new(),
        });
        row.room.active_at = row.room.active_at.max(new.at);
        if let Some(member) = row.member_mut(new.sender) {
            member.cursors = member.cursors.moved(Some(seq), Some(seq));
        }
        for id in &new.attachments {
            if let Some(upload) = self.media.get_mut(id) {
                upload.message = Some(new.id);
            }
        }
        if let Some((client, fingerprint)) = new.client {
            let key = (new.sender, client);
            self.sent.insert(key, (new.id, fingerprint));
        }
        self.places.insert(new.id, (new.room, seq));
        if !new.only_for_webhooks || !self.webhooks.0.is_empty() {
            self.events.extend(&new.events);
        }
        Some(seq)
    }

    /// Counts a reply in its thread, and returns the seq of the thread's root.
    fn count_reply(&mut self, room: RoomId, thread: MessageId) -> Option<Seq> {
        let (place, seq) = self.places.get(&thread).copied()?;
        if place != room {
            return None;
        }
        let row = self.rooms.get_mut(&room)?;
        let message = &mut row.log.get_mut(&seq)?.message;
        message.reply_count = message.reply_count.saturating_add(1);
        row.touch_message(seq);
        Some(seq)
    }
}
