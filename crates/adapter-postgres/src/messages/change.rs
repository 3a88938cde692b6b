//! The effect of a change on a message.

use domain::port::messages::{Amendment, Change};
use domain::{Emoji, Message, Reaction, Rev};

/// What a change does to a message.
#[derive(Debug, PartialEq)]
pub(super) enum Effect {
    Changed(Message),
    Unchanged(Message),
    Deleted,
    TooManyReactions,
}

/// Applies a change to a message as its author sees it. If it has an effect, the message gets this rev.
pub(super) fn change(message: Message, amendment: &Amendment, rev: Rev) -> Effect {
    let at = amendment.at;
    if message.deleted_at.is_some() {
        return match amendment.change {
            Change::Delete => Effect::Unchanged(message),
            Change::Edit { .. } | Change::React { .. } | Change::Pin { .. } => Effect::Deleted,
        };
    }
    match &amendment.change {
        Change::Edit { body, .. } if message.body.as_ref() == Some(body) => {
            Effect::Unchanged(message)
        }
        Change::Edit { body, mentions } => Effect::Changed(Message {
            rev,
            body: Some(body.clone()),
            mentions: mentions.clone(),
            edited_at: Some(at),
            ..message
        }),
        Change::Delete => Effect::Changed(Message {
            rev,
            body: None,
            mentions: Vec::new(),
            reactions: Vec::new(),
            attachments: Vec::new(),
            deleted_at: Some(at),
            pinned: false,
            ..message
        }),
        Change::React { emoji, on: true } => react(message, emoji, rev),
        Change::React { emoji, on: false } => take_back(message, emoji, rev),
        Change::Pin { on } if message.pinned == *on => Effect::Unchanged(message),
        Change::Pin { on } => Effect::Changed(Message {
            rev,
            pinned: *on,
            ..message
        }),
    }
}

fn react(mut message: Message, emoji: &Emoji, rev: Rev) -> Effect {
    let kinds = message.reactions.len();
    let mut reactions = message.reactions.iter_mut();
    match reactions.find(|reaction| reaction.emoji == *emoji) {
        Some(given) if given.mine => return Effect::Unchanged(message),
        Some(given) => {
            given.count = given.count.saturating_add(1);
            given.mine = true;
        }
        None if kinds >= Message::MAX_REACTIONS => return Effect::TooManyReactions,
        None => message.reactions.push(Reaction {
            emoji: emoji.clone(),
            count: 1,
            mine: true,
        }),
    }
    Effect::Changed(Message { rev, ..message })
}

fn take_back(mut message: Message, emoji: &Emoji, rev: Rev) -> Effect {
    let mut reactions = message.reactions.iter_mut();
    let own = reactions.find(|reaction| reaction.mine && reaction.emoji == *emoji);
    let Some(own) = own else {
        return Effect::Unchanged(message);
    };
    own.count = own.count.saturating_sub(1);
    own.mine = false;
    message.reactions.retain(|reaction| reaction.count > 0);
    Effect::Changed(Message { rev, ..message })
}
