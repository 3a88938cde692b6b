//! Placing the messages of a batch one after another.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::placed::Entry;
use super::{Earlier, Known, Placed, Upload};
use crate::port::messages::{Appended, NewMessage, Stored};
use crate::{ClientId, Media, MediaId, MediaStatus, Message, MessageId, Rev, RoomId, Seq, UserId};

/// Decides the outcome of each message, and what is to be stored.
pub fn place(known: Known, batch: &[NewMessage]) -> (Vec<Appended>, Placed<'_>) {
    let mut state = State::with(known, batch.len());
    let answers = batch.iter().map(|new| state.place(new)).collect();
    let State {
        mut placed, moved, ..
    } = state;
    placed.rooms.retain(|room, _| moved.contains(room));
    (answers, placed)
}

/// The known state: at first as it is stored, then as the messages placed so far leave it.
struct State<'a> {
    sent: HashMap<(UserId, ClientId), Earlier>,
    uploads: HashMap<MediaId, Upload>,
    moved: BTreeSet<RoomId>,
    placed: Placed<'a>,
}

impl<'a> State<'a> {
    fn with(known: Known, messages: usize) -> Self {
        let entries = known
            .messages
            .into_iter()
            .map(|(id, present)| (id, Entry::stored(present)));
        Self {
            sent: known.sent,
            uploads: known.uploads,
            moved: BTreeSet::new(),
            placed: Placed {
                fresh: Vec::with_capacity(messages),
                entries: entries.collect(),
                rooms: known.rooms,
            },
        }
    }

    fn place(&mut self, new: &'a NewMessage) -> Appended {
        if !self.placed.rooms.contains_key(&new.room) {
            return Appended::NoRoom;
        }
        if let Some(earlier) = self.repeated(new) {
            return earlier;
        }
        let Some(attachments) = self.attachable(new) else {
            return Appended::Unattachable;
        };
        let Some((seq, rev)) = self.next_place(new) else {
            return Appended::NoRoom;
        };
        let message = Message {
            attachments,
            ..new.message(seq, rev)
        };
        self.store(new, message.clone());
        let thread = new
            .reply_to
            .and_then(|to| self.count_reply(new.room, to.thread, new.sender));
        Appended::Stored(Box::new(Stored { message, thread }))
    }

    /// The outcome if the sender has used the client id before.
    fn repeated(&self, new: &NewMessage) -> Option<Appended> {
        let (client, fingerprint) = new.client?;
        let earlier = self.sent.get(&(new.sender, client))?;
        let present = &self.placed.entries.get(&earlier.message)?.present;
        if present.message.room == new.room && earlier.fingerprint == fingerprint {
            Some(Appended::Duplicate(Box::new(present.seen_by(new.sender))))
        } else {
            Some(Appended::Conflict)
        }
    }

    /// The message's uploads, if all of them may be attached to it.
    fn attachable(&self, new: &NewMessage) -> Option<Vec<Media>> {
        let mut once = HashSet::new();
        let uploads = new.attachments.iter().map(|id| {
            let upload = self.uploads.get(id).filter(|upload| {
                !upload.attached
                    && upload.media.owner == new.sender
                    && upload.media.room == Some(new.room)
                    && upload.media.status != MediaStatus::Rejected
            });
            upload
                .filter(|_| once.insert(*id))
                .map(|upload| upload.media.clone())
        });
        uploads.collect()
    }

    fn next_place(&mut self, new: &NewMessage) -> Option<(Seq, Rev)> {
        let standing = self.placed.rooms.get_mut(&new.room)?;
        standing.seq = standing.seq.next();
        standing.rev = standing.rev.next();
        standing.active_at = standing.active_at.max(new.at);
        self.moved.insert(new.room);
        Some((standing.seq, standing.rev))
    }

    fn store(&mut self, new: &'a NewMessage, message: Message) {
        for id in &new.attachments {
            if let Some(upload) = self.uploads.get_mut(id) {
                upload.attached = true;
            }
        }
        if let Some((client, fingerprint)) = new.client {
            let message = new.id;
            let earlier = Earlier {
                message,
                fingerprint,
            };
            self.sent.insert((new.sender, client), earlier);
        }
        self.placed.entries.insert(new.id, Entry::fresh(message));
        self.placed.fresh.push(new);
    }

    /// Counts a reply in its thread, and returns the thread's root as the sender sees it.
    fn count_reply(&mut self, room: RoomId, thread: MessageId, sender: UserId) -> Option<Message> {
        let entry = self.placed.entries.get_mut(&thread)?;
        let standing = self.placed.rooms.get_mut(&room)?;
        let message = &mut entry.present.message;
        if message.room != room {
            return None;
        }
        standing.rev = standing.rev.next();
        message.rev = standing.rev;
        message.reply_count = message.reply_count.saturating_add(1);
        entry.counted = true;
        Some(entry.present.seen_by(sender))
    }
}
