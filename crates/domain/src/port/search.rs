//! Finding messages and people by words.

use async_trait::async_trait;

use crate::{Failure, Message, MessageId, RoomId, Timestamp, User, UserId};

/// Which messages are looked for.
#[derive(Clone, Debug)]
pub struct MessageQuery {
    /// Who looks: only what they may read is found.
    pub reader: UserId,
    /// Words that must all be in it, as [`crate::search_text::words`] gives them; at least one.
    pub words: Vec<String>,
    /// Only in this room.
    pub room: Option<RoomId>,
    /// Only from this sender.
    pub from: Option<UserId>,
    /// Only posted before this moment.
    pub before: Option<Timestamp>,
    /// Only posted at or after this moment.
    pub after: Option<Timestamp>,
    /// Only messages whose id is smaller: where the page before ended.
    pub cursor: Option<MessageId>,
    /// How many at most.
    pub limit: usize,
}

/// Searches the store.
///
/// # Obligations
/// - `all_words_must_be_in_a_message`: whole words, in any case, in any order, in any script that
///   splits into words.
/// - `a_search_finds_the_present_text`: an edited message by its new words only, a tombstone never.
/// - `a_search_stays_within_ones_rooms`: rooms the reader belongs to now, above their history's
///   beginning.
/// - `a_search_is_narrowed_by_room_sender_and_time`.
/// - `hits_are_newest_first_page_by_page`: by id, each once.
/// - `operators_are_plain_text`: quotes, `AND`, `*`, `%`, `-` and the like mean nothing.
/// - `people_are_found_by_the_start_of_a_name`: of the username, the display name or any word of either,
///   in any case; by username; erased people never.
#[async_trait]
pub trait Search: Send + Sync + 'static {
    /// Messages that contain all the words.
    async fn messages(&self, query: &MessageQuery) -> Result<Vec<Message>, Failure>;

    /// People with a name that starts so.
    async fn people(&self, prefix: &str, limit: usize) -> Result<Vec<User>, Failure>;
}
