//! The words by which messages are found.
//!
//! Each message is indexed under the words that the domain finds in its text and under its room, so
//! that a search in a few rooms does not walk through the hits of all rooms.

use domain::{MessageBody, RoomId, search_text};

/// Not a letter, so no searchable word begins with it.
const ROOM_MARK: char = '§';

/// A longer word is not indexed: an index entry is limited to about 2,700 bytes, and a message with a
/// longer one would be rejected. No query contains a word that long.
const LONGEST: usize = 2_048;

/// The index word of a room.
pub(crate) fn room_word(room: RoomId) -> String {
    format!("{ROOM_MARK}{}", room.as_uuid().simple())
}

/// The words of a message, without duplicates.
pub(crate) fn words_of(room: RoomId, body: &MessageBody) -> Vec<String> {
    let mut words = search_text::words(body.as_str());
    words.retain(|word| word.len() <= LONGEST);
    words.push(room_word(room));
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn room() -> RoomId {
        RoomId::from_uuid(Uuid::from_u128(7))
    }

    #[test]
    fn a_room_is_no_word_that_anybody_can_look_for() {
        let room = room_word(room());
        assert_ne!(search_text::words(&room), [room]);
    }

    #[test]
    fn a_word_counts_once_and_the_room_with_them() {
        let body = MessageBody::parse("No, no. NO!").unwrap();
        let words = words_of(room(), &body);
        assert_eq!(words, ["no", "§00000000000000000000000000000007"]);
    }
}
