//! The envelope of a notice between nodes: a version, the sender, and the notice, or nothing for a gap.

use domain::NodeId;
use domain::port::bus::Notice;
use uuid::Uuid;

use crate::wire::{self, Unreadable};

/// The version of envelopes that this node writes, and the only one that it reads.
const VERSION: u8 = 1;

/// A longer letter is not sent: the others query the store instead, which costs less than delaying
/// everything queued behind it.
const LONGEST: usize = 256 * 1024;

/// The usual upper size of a letter, reserved so that writing one does not reallocate.
const USUAL: usize = 768;

/// The contents of a letter.
#[derive(Debug)]
pub(super) enum Letter {
    /// It was sent by this node.
    Own,
    Notice(Notice),
    /// The sender could not say what happened.
    Gap,
}

/// Why a letter cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Torn {
    #[error("a notice has no header or is too long")]
    Shape,
    #[error("a notice is of version {0}")]
    Version(u8),
    #[error("a notice cannot be decoded by this node")]
    Unknown(#[from] serde_json::Error),
    #[error("a notice contains invalid values")]
    Unreadable(#[from] Unreadable),
}

/// Writes a letter with a notice, or with a gap if that would be too long.
pub(super) fn telling(from: NodeId, notice: &Notice) -> Vec<u8> {
    let mut letter = Vec::with_capacity(USUAL);
    letter.extend(gap(from));
    let written = serde_json::to_writer(&mut letter, &wire::Notice::from(notice));
    if written.is_err() || letter.len() > LONGEST {
        return gap(from);
    }
    letter
}

/// Writes a letter with a gap.
pub(super) fn gap(from: NodeId) -> Vec<u8> {
    let mut letter = vec![VERSION];
    letter.extend_from_slice(from.as_uuid().as_bytes());
    letter
}

/// Reads a letter.
pub(super) fn read(letter: &[u8], own: NodeId) -> Result<Letter, Torn> {
    let (version, rest) = letter.split_first().ok_or(Torn::Shape)?;
    if *version != VERSION {
        return Err(Torn::Version(*version));
    }
    let (from, notice) = rest.split_first_chunk::<16>().ok_or(Torn::Shape)?;
    if Uuid::from_bytes(*from) == own.as_uuid() {
        return Ok(Letter::Own);
    }
    if notice.is_empty() {
        return Ok(Letter::Gap);
    }
    if letter.len() > LONGEST {
        return Err(Torn::Shape);
    }
    let notice: wire::Notice = serde_json::from_slice(notice)?;
    Ok(Letter::Notice(notice.try_into()?))
}

#[cfg(test)]
mod tests {
    use domain::port::bus::{AccessChange, NotificationKind, Removal};
    use domain::{MessageId, RoomId, SessionId, UserId};

    use super::*;

    fn node(number: u128) -> NodeId {
        NodeId::from_uuid(Uuid::from_u128(number))
    }

    fn notice() -> Notice {
        Notice::Notification {
            user: UserId::from_uuid(Uuid::from_u128(1)),
            room: RoomId::from_uuid(Uuid::from_u128(2)),
            message: MessageId::from_uuid(Uuid::from_u128(3)),
            kind: NotificationKind::Reply,
        }
    }

    /// A letter from another node with this text.
    fn saying(words: &str) -> Result<Letter, Torn> {
        let mut letter = gap(node(1));
        letter.extend_from_slice(words.as_bytes());
        read(&letter, node(2))
    }

    #[test]
    fn others_read_what_one_wrote() {
        let letter = telling(node(1), &notice());
        let read_by_other = read(&letter, node(2)).unwrap();
        assert!(matches!(read_by_other, Letter::Notice(read) if read == notice()));
        assert!(matches!(read(&letter, node(1)), Ok(Letter::Own)));
        assert!(matches!(read(&gap(node(1)), node(2)), Ok(Letter::Gap)));
    }

    #[test]
    fn what_is_too_long_is_a_gap() {
        let session = SessionId::from_uuid(Uuid::nil());
        let long = Notice::SessionsEnded(vec![session; 10_000]);
        assert_eq!(telling(node(1), &long), gap(node(1)));
    }

    #[test]
    fn what_a_newer_node_says_is_refused_and_not_guessed() {
        assert!(matches!(
            saying(r#"{"renamed":{"room":1}}"#),
            Err(Torn::Unknown(_))
        ));
        let mut letter = telling(node(1), &notice());
        letter[0] = 2;
        assert!(matches!(read(&letter, node(2)), Err(Torn::Version(2))));
    }

    /// Nodes of this version are deployed: they would take any other format for a gap.
    #[test]
    fn letters_stay_as_they_are() {
        let letter = telling(node(1), &notice());
        let words = std::str::from_utf8(&letter[17..]).unwrap();
        assert_eq!(
            words,
            r#"{"notification":{"user":"00000000-0000-0000-0000-000000000001","room":"00000000-0000-0000-0000-000000000002","message":"00000000-0000-0000-0000-000000000003","kind":"reply"}}"#
        );
        assert_eq!(
            letter[..17],
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        );
        let visit = Notice::Visit {
            room: RoomId::from_uuid(Uuid::from_u128(2)),
            user: UserId::from_uuid(Uuid::from_u128(1)),
            on: true,
        };
        let letter = telling(node(1), &visit);
        assert_eq!(
            std::str::from_utf8(&letter[17..]).unwrap(),
            r#"{"visit":{"room":"00000000-0000-0000-0000-000000000002","user":"00000000-0000-0000-0000-000000000001","on":true}}"#
        );
    }

    #[test]
    fn fields_that_this_node_does_not_know_are_passed_over() {
        let typing = r#"{"typing":{"room":"00000000-0000-0000-0000-000000000001",
            "user":"00000000-0000-0000-0000-000000000002","on":true,"since":7}}"#;
        assert!(matches!(
            saying(typing),
            Ok(Letter::Notice(Notice::Typing { on: true, .. }))
        ));
    }

    #[test]
    fn what_an_older_node_does_not_say_is_not_so() {
        let presence = r#"{"presence":{"user":"00000000-0000-0000-0000-000000000002",
            "last_seen":7,"online":false}}"#;
        assert!(matches!(
            saying(presence),
            Ok(Letter::Notice(Notice::Presence { rooms, .. })) if rooms.is_empty()
        ));
        let access = |removed| {
            saying(&format!(
                r#"{{"access_changed":{{"room":"00000000-0000-0000-0000-000000000001",
                "user":"00000000-0000-0000-0000-000000000002","removed":{removed}}}}}"#
            ))
        };
        for (removed, told) in [
            ("null", AccessChange::Changed),
            ("\"kicked\"", AccessChange::Removed(Removal::Kicked)),
        ] {
            assert!(matches!(
                access(removed),
                Ok(Letter::Notice(Notice::AccessChanged { change, .. })) if change == told
            ));
        }
    }

    #[test]
    fn somebody_in_very_many_rooms_is_told_of_in_the_first_thousands() {
        let rooms: Vec<RoomId> = (0..9_999)
            .map(|number| RoomId::from_uuid(Uuid::from_u128(number)))
            .collect();
        let came = Notice::Presence {
            user: UserId::from_uuid(Uuid::nil()),
            last_seen: None,
            online: true,
            rooms: rooms.clone(),
        };
        let letter = telling(node(1), &came);
        let Ok(Letter::Notice(Notice::Presence { rooms: told, .. })) = read(&letter, node(2))
        else {
            panic!("it is too long");
        };
        assert_eq!(told, rooms[..4_000]);
    }

    #[test]
    fn nothing_torn_or_hostile_is_a_notice() {
        let whole = telling(node(1), &notice());
        for end in (0..whole.len()).filter(|end| *end != 17) {
            assert!(read(&whole[..end], node(2)).is_err(), "{end}");
        }
        let receipt = |seq: &str| {
            let user = "00000000-0000-0000-0000-000000000002";
            saying(&format!(
                r#"{{"receipt":{{"room":"{user}","user":"{user}","cursors":{{"read":{seq},"delivered":1}}}}}}"#
            ))
        };
        assert!(receipt("1").is_ok());
        assert!(matches!(receipt("-1"), Err(Torn::Unreadable(_))));
        assert!(matches!(
            receipt("9007199254740992"),
            Err(Torn::Unreadable(_))
        ));
        for words in [
            "null",
            "{}",
            "[]",
            "\u{feff}",
            &"[".repeat(100_000),
            "{\"typing\":{}}",
        ] {
            assert!(saying(words).is_err());
        }
    }
}
