//! Changing messages.

use std::collections::BTreeSet;

use domain::port::messages::{Amended, Amendment, Change};
use domain::{Emoji, Message, Seq, Timestamp, UserId};

use crate::state::{MessageRow, State};

/// What a change does to a message.
enum Effect {
    Changed,
    Unchanged,
    Deleted,
    TooManyReactions,
}

impl State {
    pub(super) fn amend(&mut self, amendment: &Amendment) -> Amended {
        let Some((row, seq)) = self.amendable(amendment) else {
            return Amended::Unknown;
        };
        let effect = change(row, amendment);
        if matches!(effect, Effect::Changed) {
            if let Some(row) = self.rooms.get_mut(&amendment.room) {
                row.touch_message(seq);
            }
            self.events.extend(&amendment.events);
        }
        let Some(row) = self.message(amendment.message) else {
            return Amended::Unknown;
        };
        match effect {
            Effect::Changed => Amended::Changed(self.show(row, amendment.by)),
            Effect::Unchanged => Amended::Unchanged(self.show(row, amendment.by)),
            Effect::Deleted => Amended::Deleted,
            Effect::TooManyReactions => Amended::TooManyReactions,
        }
    }

    fn amendable(&mut self, amendment: &Amendment) -> Option<(&mut MessageRow, Seq)> {
        let (room, seq) = self.places.get(&amendment.message).copied()?;
        if room != amendment.room {
            return None;
        }
        let row = self.rooms.get_mut(&room)?.log.get_mut(&seq)?;
        Some((row, seq))
    }
}

fn change(row: &mut MessageRow, amendment: &Amendment) -> Effect {
    if !row.stands() {
        return match amendment.change {
            Change::Delete => Effect::Unchanged,
            Change::Edit { .. } | Change::React { .. } | Change::Pin { .. } => Effect::Deleted,
        };
    }
    let message = &mut row.message;
    match &amendment.change {
        Change::Edit { body, .. } if message.body.as_ref() == Some(body) => Effect::Unchanged,
        Change::Edit { body, mentions } => {
            message.body = Some(body.clone());
            message.mentions.clone_from(mentions);
            message.edited_at = Some(amendment.at);
            Effect::Changed
        }
        Change::Delete => {
            bury(row, amendment.at);
            Effect::Changed
        }
        Change::React { emoji, on: true } => react(row, emoji, amendment.by),
        Change::React { emoji, on: false } => take_back(row, emoji, amendment.by),
        Change::Pin { on } if message.pinned == *on => Effect::Unchanged,
        Change::Pin { on } => {
            message.pinned = *on;
            Effect::Changed
        }
    }
}

/// Leaves a tombstone.
fn bury(row: &mut MessageRow, at: Timestamp) {
    row.attachments.clear();
    row.reactions.clear();
    row.message.body = None;
    row.message.mentions.clear();
    row.message.pinned = false;
    row.message.deleted_at = Some(at);
}

fn react(row: &mut MessageRow, emoji: &Emoji, by: UserId) -> Effect {
    if let Some((_, people)) = row.reactions.iter_mut().find(|(one, _)| one == emoji) {
        return if people.insert(by) {
            Effect::Changed
        } else {
            Effect::Unchanged
        };
    }
    if row.reactions.len() >= Message::MAX_REACTIONS {
        return Effect::TooManyReactions;
    }
    row.reactions.push((emoji.clone(), BTreeSet::from([by])));
    Effect::Changed
}

fn take_back(row: &mut MessageRow, emoji: &Emoji, by: UserId) -> Effect {
    let reaction = row.reactions.iter_mut().find(|(one, _)| one == emoji);
    let Some((_, people)) = reaction.filter(|(_, people)| people.contains(&by)) else {
        return Effect::Unchanged;
    };
    people.remove(&by);
    row.reactions.retain(|(_, people)| !people.is_empty());
    Effect::Changed
}
