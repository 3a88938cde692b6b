//! The port `Search`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use domain::port::Search;
use domain::port::search::MessageQuery;
use domain::{Failure, Message, RoomId, Timestamp, User, UserId};

use crate::SqliteStore;
use crate::columns::Key;
use crate::failure::Broken;
use crate::messages::dress;
use crate::rows::{MessageRow, UserRow, at_most};
use crate::schema::{memberships, messages, name_starts, users};
use crate::text_index;

const PORT: &str = "search";

/// With more rooms than this, the index is searched by words only, because each room is another posting
/// list to walk.
const ROOMS_ASKED_FOR: usize = 64;

#[async_trait]
impl Search for SqliteStore {
    async fn messages(&self, query: &MessageQuery) -> Result<Vec<Message>, Failure> {
        let query = query.clone();
        self.read(PORT, "find messages", move |db| find_messages(db, &query))
            .await
    }

    async fn people(&self, prefix: &str, limit: usize) -> Result<Vec<User>, Failure> {
        let prefix = prefix.to_lowercase();
        self.read(PORT, "find people", move |db| {
            find_people(db, &prefix, limit)
        })
        .await
    }
}

/// The matching messages. Only their row numbers, because all hits are sorted and few are shown. The
/// index comes first and the joins are `CROSS`, so that SQLite keeps this order: walking a reader's
/// messages and probing the index for each would be far too slow.
const HITS: &str = "
    SELECT messages.num
    FROM message_words
    CROSS JOIN messages ON messages.num = message_words.rowid
    CROSS JOIN memberships ON memberships.room = messages.room AND memberships.user = ?2
    CROSS JOIN rooms ON rooms.id = messages.room
    WHERE message_words MATCH ?1
        AND memberships.left_at IS NULL
        AND rooms.deleted_at IS NULL
        AND messages.seq > memberships.from_seq
        AND (?3 IS NULL OR messages.room = ?3)
        AND (?4 IS NULL OR messages.sender = ?4)
        AND (?5 IS NULL OR messages.created_at < ?5)
        AND (?6 IS NULL OR messages.created_at >= ?6)
        AND (?7 IS NULL OR messages.id < ?7)
    ORDER BY messages.id DESC
    LIMIT ?8
";

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    num: i64,
}

fn find_messages(db: &mut SqliteConnection, query: &MessageQuery) -> Result<Vec<Message>, Broken> {
    let rooms = match query.room {
        Some(room) => vec![room],
        None => some_rooms(db, query.reader)?,
    };
    if rooms.is_empty() || query.words.is_empty() {
        return Ok(Vec::new());
    }
    let nums = hits(db, query, &rooms)?;
    let rows: Vec<MessageRow> = messages::table
        .filter(messages::num.eq_any(nums))
        .order(messages::id.desc())
        .select(MessageRow::as_select())
        .load(db)?;
    dress(db, rows, query.reader)
}

/// The user's rooms, up to one more than the index is asked for.
fn some_rooms(db: &mut SqliteConnection, user: UserId) -> Result<Vec<RoomId>, Broken> {
    let rooms: Vec<Key<RoomId>> = memberships::table
        .filter(memberships::user.eq(Key(user)))
        .filter(memberships::left_at.is_null())
        .limit(at_most(ROOMS_ASKED_FOR + 1))
        .select(memberships::room)
        .load(db)?;
    Ok(rooms.into_iter().map(|key| key.0).collect())
}

fn hits(
    db: &mut SqliteConnection,
    query: &MessageQuery,
    rooms: &[RoomId],
) -> Result<Vec<i64>, Broken> {
    let few = rooms.len() <= ROOMS_ASKED_FOR;
    let sought = text_index::query(&query.words, if few { rooms } else { &[] });
    let hits: Vec<Hit> = diesel::sql_query(HITS)
        .bind::<Text, _>(sought)
        .bind::<Binary, _>(Key(query.reader))
        .bind::<Nullable<Binary>, _>(query.room.map(Key))
        .bind::<Nullable<Binary>, _>(query.from.map(Key))
        .bind::<Nullable<BigInt>, _>(query.before.map(Timestamp::as_millis))
        .bind::<Nullable<BigInt>, _>(query.after.map(Timestamp::as_millis))
        .bind::<Nullable<Binary>, _>(query.cursor.map(Key))
        .bind::<BigInt, _>(at_most(query.limit))
        .load(db)?;
    Ok(hits.into_iter().map(|hit| hit.num).collect())
}

/// A user with several matching names and words is found once.
fn find_people(db: &mut SqliteConnection, prefix: &str, limit: usize) -> Result<Vec<User>, Broken> {
    let mut named = name_starts::table
        .filter(name_starts::start.ge(prefix))
        .select(name_starts::user)
        .into_boxed();
    if let Some(end) = successor(prefix) {
        named = named.filter(name_starts::start.lt(end));
    }
    let rows: Vec<UserRow> = users::table
        .filter(users::id.eq_any(named))
        .order(users::username_key)
        .limit(at_most(limit))
        .select(UserRow::as_select())
        .load(db)?;
    rows.into_iter().map(UserRow::read).collect()
}

/// The first text after all those that start with a prefix, in byte order; `None` if there is no such
/// text.
fn successor(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_is_after_all_that_start_so() {
        assert_eq!(successor("ab").as_deref(), Some("ac"));
        assert_eq!(successor("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(successor("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(successor(""), None);
        assert_eq!(successor("\u{10ffff}"), None);
    }
}
