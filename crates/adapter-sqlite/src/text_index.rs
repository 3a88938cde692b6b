//! The full-text index of messages.
//!
//! Each message is indexed under the words that the domain finds in its text and under its room, so
//! that a search in a few rooms does not walk through the hits of all rooms.

use std::iter::once;

use diesel::prelude::*;
use domain::{MessageBody, RoomId, search_text};

use crate::failure::Broken;
use crate::schema::message_words;

/// Not a letter, so no searchable word begins with it; and not ASCII, so the tokenizer does not split
/// there.
const ROOM_MARK: char = '§';

/// Indexes a message that is not in the index.
pub(crate) fn add(
    db: &mut SqliteConnection,
    num: i64,
    room: RoomId,
    body: &MessageBody,
) -> Result<(), Broken> {
    let words = search_text::words(body.as_str());
    let words: Vec<String> = words.into_iter().chain(once(room_word(room))).collect();
    diesel::insert_into(message_words::table)
        .values((
            message_words::rowid.eq(num),
            message_words::words.eq(words.join(" ")),
        ))
        .execute(db)?;
    Ok(())
}

/// Removes a message from the index.
pub(crate) fn remove(db: &mut SqliteConnection, num: i64) -> Result<(), Broken> {
    diesel::delete(message_words::table.find(num)).execute(db)?;
    Ok(())
}

/// The index query: all the words, and one of the rooms unless none is given. The words come from the
/// domain's splitter, and each is quoted, so none can act as an operator.
pub(crate) fn query(words: &[String], rooms: &[RoomId]) -> String {
    let mut parts: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let rooms: Vec<String> = rooms.iter().map(|room| quoted(&room_word(*room))).collect();
    if !rooms.is_empty() {
        parts.push(format!("({})", rooms.join(" OR ")));
    }
    parts.join(" AND ")
}

fn room_word(room: RoomId) -> String {
    format!("{ROOM_MARK}{}", room.as_uuid().simple())
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_room_is_no_word_that_anybody_can_look_for() {
        let room = room_word(RoomId::from_uuid(Uuid::from_u128(7)));
        assert_ne!(search_text::words(&room), [room]);
    }

    #[test]
    fn every_word_is_quoted() {
        let rooms = [7, 8].map(|number| RoomId::from_uuid(Uuid::from_u128(number)));
        let words = ["or".to_owned(), "a\"b".to_owned()];
        assert_eq!(query(&words, &[]), r#""or" AND "a""b""#);
        assert_eq!(
            query(&words[..1], &rooms),
            "\"or\" AND (\"§00000000000000000000000000000007\" OR \
             \"§00000000000000000000000000000008\")"
        );
    }
}
