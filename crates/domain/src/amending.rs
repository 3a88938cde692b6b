//! The effect of a change on a message.
//!
//! Under its locks, a store reads the message, asks [`amend`] for the outcome, and writes what is
//! different. So all stores give the same answers, however they read and write.

use crate::port::messages::{Amended, Amendment, Change};
use crate::{Emoji, Message, Reaction, Rev};

/// Decides the outcome of a change to a message, as the user who changes it sees it. If it has an effect,
/// the message gets this rev.
pub fn amend(message: Message, amendment: &Amendment, rev: Rev) -> Amended {
    let at = amendment.at;
    if message.deleted_at.is_some() {
        return match amendment.change {
            Change::Delete => Amended::Unchanged(message),
            Change::Edit { .. } | Change::React { .. } | Change::Pin { .. } => Amended::Deleted,
        };
    }
    match &amendment.change {
        Change::Edit { body, .. } if message.body.as_ref() == Some(body) => {
            Amended::Unchanged(message)
        }
        Change::Edit { body, mentions } => Amended::Changed(Message {
            rev,
            body: Some(body.clone()),
            mentions: mentions.clone(),
            edited_at: Some(at),
            ..message
        }),
        Change::Delete => Amended::Changed(Message {
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
        Change::Pin { on } if message.pinned == *on => Amended::Unchanged(message),
        Change::Pin { on } => Amended::Changed(Message {
            rev,
            pinned: *on,
            ..message
        }),
    }
}

fn react(mut message: Message, emoji: &Emoji, rev: Rev) -> Amended {
    let kinds = message.reactions.len();
    let mut reactions = message.reactions.iter_mut();
    match reactions.find(|reaction| reaction.emoji == *emoji) {
        Some(given) if given.mine => return Amended::Unchanged(message),
        Some(given) => {
            given.count = given.count.saturating_add(1);
            given.mine = true;
        }
        None if kinds >= Message::MAX_REACTIONS => return Amended::TooManyReactions,
        None => message.reactions.push(Reaction {
            emoji: emoji.clone(),
            count: 1,
            mine: true,
        }),
    }
    Amended::Changed(Message { rev, ..message })
}

fn take_back(mut message: Message, emoji: &Emoji, rev: Rev) -> Amended {
    let mut reactions = message.reactions.iter_mut();
    let own = reactions.find(|reaction| reaction.mine && reaction.emoji == *emoji);
    let Some(own) = own else {
        return Amended::Unchanged(message);
    };
    own.count = own.count.saturating_sub(1);
    own.mine = false;
    message.reactions.retain(|reaction| reaction.count > 0);
    Amended::Changed(Message { rev, ..message })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{MessageBody, MessageId, RoomId, Seq, Timestamp, UserId};

    const AT: Timestamp = Timestamp::from_millis(9);

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    fn body(text: &str) -> MessageBody {
        MessageBody::parse(text).unwrap()
    }

    fn emoji(text: &str) -> Emoji {
        Emoji::parse(text).unwrap()
    }

    fn rev(number: i64) -> Rev {
        Rev::new(number).unwrap()
    }

    fn message() -> Message {
        Message {
            id: MessageId::from_uuid(Uuid::from_u128(1)),
            room: RoomId::from_uuid(Uuid::from_u128(2)),
            seq: Seq::new(1).unwrap(),
            rev: rev(1),
            sender: user(1),
            body: Some(body("hello")),
            client_id: None,
            reply_to: None,
            thread: None,
            reply_count: 0,
            attachments: Vec::new(),
            mentions: vec![user(2)],
            reactions: Vec::new(),
            created_at: Timestamp::from_millis(5),
            edited_at: None,
            deleted_at: None,
            pinned: false,
        }
    }

    fn changed(message: Message, change: Change) -> Amended {
        let amendment = Amendment {
            message: message.id,
            room: message.room,
            by: user(1),
            at: AT,
            change,
            events: Vec::new(),
        };
        amend(message, &amendment, rev(7))
    }

    fn tombstone() -> Message {
        Message {
            body: None,
            mentions: Vec::new(),
            deleted_at: Some(Timestamp::from_millis(8)),
            ..message()
        }
    }

    fn reacted(emojis: &[(&str, i64, bool)]) -> Message {
        let reactions = emojis.iter().map(|(text, count, mine)| Reaction {
            emoji: emoji(text),
            count: *count,
            mine: *mine,
        });
        Message {
            reactions: reactions.collect(),
            ..message()
        }
    }

    fn react(text: &str, on: bool) -> Change {
        let emoji = emoji(text);
        Change::React { emoji, on }
    }

    #[test]
    fn an_edit_replaces_text_and_mentions() {
        let edit = |text: &str| Change::Edit {
            body: body(text),
            mentions: vec![user(3)],
        };
        let after = Message {
            rev: rev(7),
            body: Some(body("bye")),
            mentions: vec![user(3)],
            edited_at: Some(AT),
            ..message()
        };
        assert_eq!(changed(message(), edit("bye")), Amended::Changed(after));
        assert_eq!(
            changed(message(), edit("hello")),
            Amended::Unchanged(message())
        );
    }

    #[test]
    fn a_deletion_leaves_a_tombstone() {
        let before = Message {
            pinned: true,
            ..reacted(&[("👍", 2, true)])
        };
        let after = Message {
            rev: rev(7),
            deleted_at: Some(AT),
            ..tombstone()
        };
        assert_eq!(changed(before, Change::Delete), Amended::Changed(after));
    }

    #[test]
    fn a_tombstone_can_only_be_deleted_again() {
        let edit = Change::Edit {
            body: body("bye"),
            mentions: Vec::new(),
        };
        for change in [
            edit,
            react("👍", true),
            react("👍", false),
            Change::Pin { on: true },
        ] {
            assert_eq!(changed(tombstone(), change), Amended::Deleted);
        }
        assert_eq!(
            changed(tombstone(), Change::Delete),
            Amended::Unchanged(tombstone())
        );
    }

    #[test]
    fn a_user_reacts_once_with_an_emoji() {
        let both = [("👍", 1, false), ("🎉", 2, true)];
        let after = |emojis: &[(&str, i64, bool)]| {
            let message = reacted(emojis);
            Amended::Changed(Message {
                rev: rev(7),
                ..message
            })
        };
        assert_eq!(
            changed(reacted(&both), react("👍", true)),
            after(&[("👍", 2, true), ("🎉", 2, true)])
        );
        assert_eq!(
            changed(reacted(&both), react("👀", true)),
            after(&[("👍", 1, false), ("🎉", 2, true), ("👀", 1, true)])
        );
        assert_eq!(
            changed(reacted(&both), react("🎉", false)),
            after(&[("👍", 1, false), ("🎉", 1, false)])
        );
        assert_eq!(
            changed(reacted(&[("👍", 1, true)]), react("👍", false)),
            after(&[])
        );
        for (text, on) in [("🎉", true), ("👍", false), ("👀", false)] {
            let unchanged = Amended::Unchanged(reacted(&both));
            assert_eq!(changed(reacted(&both), react(text, on)), unchanged);
        }
    }

    #[test]
    fn a_message_has_only_so_many_kinds_of_reactions() {
        let faces = ('\u{1F600}'..).take(Message::MAX_REACTIONS);
        let faces: Vec<String> = faces.map(String::from).collect();
        let given: Vec<(&str, i64, bool)> =
            faces.iter().map(|face| (face.as_str(), 1, false)).collect();
        let full = reacted(&given);
        assert_eq!(
            changed(full.clone(), react("👍", true)),
            Amended::TooManyReactions
        );
        let joined = changed(full, react(&faces[0], true));
        assert!(matches!(joined, Amended::Changed(_)));
    }

    #[test]
    fn a_message_is_pinned_once() {
        let pinned = Message {
            pinned: true,
            ..message()
        };
        let after = Message {
            rev: rev(7),
            ..pinned.clone()
        };
        let pin = |on| Change::Pin { on };
        assert_eq!(changed(message(), pin(true)), Amended::Changed(after));
        let unpinned = Message {
            rev: rev(7),
            ..message()
        };
        assert_eq!(
            changed(pinned.clone(), pin(false)),
            Amended::Changed(unpinned)
        );
        assert_eq!(
            changed(pinned.clone(), pin(true)),
            Amended::Unchanged(pinned)
        );
    }
}
