//! What becomes of each message, one after another.

use std::collections::HashSet;

use domain::port::messages::{Appended, NewMessage, Stored};
use domain::{Media, MediaStatus, Message, MessageId, Rev, RoomId, Seq, UserId};

use super::known::{Earlier, Entry, Known};

impl<'a> Known<'a> {
    pub(super) fn decide(&mut self, new: &'a NewMessage) -> Appended {
        if !self.rooms.contains_key(&new.room) {
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

    /// What was sent under the same client id before.
    fn repeated(&self, new: &NewMessage) -> Option<Appended> {
        let (client, fingerprint) = new.client?;
        let earlier = self.sent.get(&(new.sender, client))?;
        let entry = self.entries.get(&earlier.id)?;
        if entry.message.room == new.room && earlier.fingerprint == fingerprint {
            let message = self.shown(entry, new.sender);
            Some(Appended::Duplicate(Box::new(message)))
        } else {
            Some(Appended::Conflict)
        }
    }

    /// The message's uploads, when all of them may hang on it.
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
        let head = self.rooms.get_mut(&new.room)?;
        head.seq = head.seq.next();
        head.rev = head.rev.next();
        head.active_at = head.active_at.max(new.at.as_millis());
        Some((head.seq, head.rev))
    }

    fn store(&mut self, new: &'a NewMessage, message: Message) {
        for id in &new.attachments {
            if let Some(upload) = self.uploads.get_mut(id) {
                upload.attached = true;
            }
        }
        if let Some((client, fingerprint)) = new.client {
            let id = new.id;
            let earlier = Earlier { id, fingerprint };
            self.sent.insert((new.sender, client), earlier);
        }
        self.last_num = self.last_num.saturating_add(1);
        let entry = Entry {
            num: self.last_num,
            message,
            touched: false,
        };
        self.entries.insert(new.id, entry);
        self.fresh.push(new);
    }

    /// Counts a reply in its thread, and answers with the thread's beginning as the sender sees it.
    fn count_reply(&mut self, room: RoomId, thread: MessageId, sender: UserId) -> Option<Message> {
        let entry = self.entries.get_mut(&thread)?;
        let head = self.rooms.get_mut(&room)?;
        let message = &mut entry.message;
        if message.room != room {
            return None;
        }
        head.rev = head.rev.next();
        message.rev = head.rev;
        message.reply_count = message.reply_count.saturating_add(1);
        entry.touched = true;
        let entry = self.entries.get(&thread)?;
        Some(self.shown(entry, sender))
    }

    fn shown(&self, entry: &Entry, reader: UserId) -> Message {
        self.trimmings
            .put_on(entry.num, entry.message.clone(), reader)
    }
}
