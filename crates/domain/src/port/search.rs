//! Searching messages and users.

use async_trait::async_trait;

use crate::{Failure, Message, MessageId, RoomId, Timestamp, User, UserId};

/// A message search.
#[derive(Clone, Debug)]
pub struct MessageQuery {
    /// Who searches: only what they may read is found.
    pub reader: UserId,
    /// Words that must all occur, as [`crate::search_text::words`] returns them; at least one.
    pub words: Vec<String>,
    /// Only in this room.
    pub room: Option<RoomId>,
    /// Only from this sender.
    pub from: Option<UserId>,
    /// Only posted before this moment.
    pub before: Option<Timestamp>,
    /// Only posted at or after this moment.
    pub after: Option<Timestamp>,
    /// Only messages with a smaller id: where the previous page ended.
    pub cursor: Option<MessageId>,
    /// The most messages to return.
    pub limit: usize,
}

/// Searches the store.
///
/// # Obligations
/// - `all_words_must_be_in_a_message`: whole words, ignoring case, in any order, in any script that
///   separates words.
/// - `a_search_finds_the_present_text`: an edited message by its new words only, a tombstone never.
/// - `a_search_stays_within_ones_rooms`: those that the reader is a member of, and only what their
///   history setting lets them read.
/// - `a_search_is_narrowed_by_room_sender_and_time`.
/// - `hits_are_newest_first_page_by_page`: by id, each once.
/// - `operators_are_plain_text`: quotes, `AND`, `*`, `%`, `-` and the like have no special meaning.
/// - `people_are_found_by_the_start_of_a_name`: of the username, the display name or any word of either,
///   ignoring case; sorted by username; never erased users.
#[async_trait]
pub trait Search: Send + Sync + 'static {
    /// Messages that contain all the words.
    async fn messages(&self, query: &MessageQuery) -> Result<Vec<Message>, Failure>;

    /// Users with a name that starts with the prefix.
    async fn people(&self, prefix: &str, limit: usize) -> Result<Vec<User>, Failure>;
}
