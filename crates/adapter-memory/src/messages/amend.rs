//! Changing messages.

use std::collections::BTreeSet;

use domain::port::messages::{Amended, Amendment, Change};
use domain::{Emoji, Message, Rev, UserId, amending};

use crate::state::{MessageRow, State};

impl State {
    pub(super) fn amend(&mut self, amendment: &Amendment) -> Amended {
        let Some((before, last)) = self.amendable(amendment) else {
            return Amended::Unknown;
        };
        let amended = amending::amend(before, amendment, last.next());
        if let Amended::Changed(message) = &amended {
            self.write(amendment, message);
        }
        amended
    }

    /// The message as the user who changes it sees it, and the last rev of its room.
    fn amendable(&self, amendment: &Amendment) -> Option<(Message, Rev)> {
        let row = self.message(amendment.message)?;
        let room = self.rooms.get(&amendment.room)?;
        let message = self.show(row, amendment.by);
        (message.room == amendment.room).then_some((message, room.room.last_rev))
    }

    /// Writes the effect of a change on a message.
    fn write(&mut self, amendment: &Amendment, message: &Message) {
        let Some(room) = self.rooms.get_mut(&amendment.room) else {
            return;
        };
        if let Some(row) = room.log.get_mut(&message.seq) {
            change(row, amendment, message);
        }
        room.touch_message(message.seq);
        self.events.extend(&amendment.events);
    }
}

fn change(row: &mut MessageRow, amendment: &Amendment, message: &Message) {
    match &amendment.change {
        Change::Edit { .. } | Change::Pin { .. } => (),
        Change::Delete => {
            row.attachments.clear();
            row.reactions.clear();
        }
        Change::React { emoji, on: true } => react(row, emoji, amendment.by),
        Change::React { emoji, on: false } => take_back(row, emoji, amendment.by),
    }
    row.message = Message {
        // Its rev is still the one under which the room knows it.
        rev: row.message.rev,
        // A row keeps these apart.
        attachments: Vec::new(),
        reactions: Vec::new(),
        ..message.clone()
    };
}

fn react(row: &mut MessageRow, emoji: &Emoji, by: UserId) {
    match row.reactions.iter_mut().find(|(one, _)| one == emoji) {
        Some((_, people)) => drop(people.insert(by)),
        None => row.reactions.push((emoji.clone(), BTreeSet::from([by]))),
    }
}

fn take_back(row: &mut MessageRow, emoji: &Emoji, by: UserId) {
    if let Some((_, people)) = row.reactions.iter_mut().find(|(one, _)| one == emoji) {
        people.remove(&by);
    }
    row.reactions.retain(|(_, people)| !people.is_empty());
}
