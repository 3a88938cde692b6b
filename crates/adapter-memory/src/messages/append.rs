//! Appending messages to their rooms' logs.

use std::collections::{BTreeSet, HashSet};

use domain::placing::{Earlier, Known, Placed, Present, Standing, Upload, place};
use domain::port::messages::{Appended, NewMessage};
use domain::{ClientId, Failure, Message, UserId};

use crate::state::{MediaRow, MessageRow, RoomRow, State};

impl State {
    pub(super) fn append(&mut self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        self.check_batch(batch)
            .map_err(|what| Failure::lasting("messages", "append", what))?;
        let (answers, placed) = place(self.known(batch), batch);
        self.store(&placed);
        Ok(answers)
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

    /// What a batch refers to.
    fn known(&self, batch: &[NewMessage]) -> Known {
        let senders: BTreeSet<UserId> = batch.iter().map(|new| new.sender).collect();
        let mut known = Known::default();
        for new in batch {
            if let Some(row) = self.rooms.get(&new.room) {
                known.rooms.insert(new.room, standing(row));
            }
            let earlier = self.earlier(new);
            let named = earlier.map(|(_, earlier)| earlier.message);
            let thread = new.reply_to.map(|to| to.thread);
            let ids = [named, thread].into_iter().flatten();
            for row in ids.filter_map(|id| self.message(id)) {
                let present = known.messages.entry(row.message.id);
                present.or_insert_with(|| self.present(row, &senders));
            }
            known.sent.extend(earlier);
            let uploads = new.attachments.iter().filter_map(|id| self.media.get(id));
            known
                .uploads
                .extend(uploads.map(|row| (row.media.id, upload(row))));
        }
        known
    }

    /// What was sent before under the same client id, ignoring deleted rooms.
    fn earlier(&self, new: &NewMessage) -> Option<((UserId, ClientId), Earlier)> {
        let (client, _) = new.client?;
        let name = (new.sender, client);
        let (message, fingerprint) = *self.sent.get(&name)?;
        self.message(message)?;
        let earlier = Earlier {
            message,
            fingerprint,
        };
        Some((name, earlier))
    }

    fn present(&self, row: &MessageRow, readers: &BTreeSet<UserId>) -> Present {
        let mut message = self.show(row, row.message.sender);
        for reaction in &mut message.reactions {
            reaction.mine = false;
        }
        let own = row.reactions.iter().flat_map(|(emoji, people)| {
            let people = people.intersection(readers);
            people.map(move |user| (*user, emoji.clone()))
        });
        Present {
            message,
            own: own.collect(),
        }
    }

    fn store(&mut self, placed: &Placed<'_>) {
        for (new, message) in placed.messages() {
            self.store_message(new, message);
        }
        for root in placed.threads() {
            if let Some(row) = self.rooms.get_mut(&root.room) {
                row.keep_replies(root);
            }
        }
        for (room, standing) in placed.rooms() {
            if let Some(row) = self.rooms.get_mut(room) {
                row.room.last_seq = standing.seq;
                row.room.last_rev = standing.rev;
                row.room.active_at = standing.active_at;
            }
        }
        for ((room, user), seq) in placed.cursors() {
            let row = self.rooms.get_mut(&room);
            if let Some(member) = row.and_then(|row| row.member_mut(user)) {
                member.cursors = member.cursors.moved(Some(seq), Some(seq));
            }
        }
    }

    fn store_message(&mut self, new: &NewMessage, message: &Message) {
        if let Some(row) = self.rooms.get_mut(&new.room) {
            row.keep_message(MessageRow {
                message: Message {
                    attachments: Vec::new(),
                    ..message.clone()
                },
                attachments: new.attachments.clone(),
                reactions: Vec::new(),
            });
        }
        for id in &new.attachments {
            if let Some(upload) = self.media.get_mut(id) {
                upload.message = Some(new.id);
            }
        }
        if let Some((client, fingerprint)) = new.client {
            let name = (new.sender, client);
            self.sent.insert(name, (new.id, fingerprint));
        }
        self.places.insert(new.id, (new.room, message.seq));
        if !new.only_for_webhooks || !self.webhooks.0.is_empty() {
            self.events.extend(&new.events);
        }
    }
}

fn standing(row: &RoomRow) -> Standing {
    Standing {
        seq: row.room.last_seq,
        rev: row.room.last_rev,
        active_at: row.room.active_at,
    }
}

fn upload(row: &MediaRow) -> Upload {
    Upload {
        media: row.media.clone(),
        attached: row.message.is_some(),
    }
}
