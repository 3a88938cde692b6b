//! The port `Search`.
//!
//! Most words occur in few messages, and the index of words leads straight to those. A word that occurs
//! in thousands is usually found soon by scanning back from the newest message, whereas the index would
//! return too many hits. To find out which case applies, the index is first followed up to a limit. If
//! neither way finds enough it is followed to the end, so a search never costs more than its hits.

use async_trait::async_trait;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid};
use domain::port::Search;
use domain::port::search::MessageQuery;
use domain::{Failure, Message, MessageId, RoomId, User, UserId};

use crate::PostgresStore;
use crate::columns::{Key, Moment};
use crate::failure::{Broken, Call};
use crate::messages::{seen_by, whole};
use crate::prelude::*;
use crate::rows::{UserRow, at_most};
use crate::schema::{memberships, messages};
use crate::words::room_word;

/// With more rooms than this, the index is searched by words only, because each room is another posting
/// list to walk.
const ROOMS_ASKED_FOR: usize = 64;
/// With more hits than this, the newest messages are scanned first.
const MANY_HITS: i64 = 5_000;
/// How many messages that scan covers: a common word that is not among them was last used long ago.
const NEWEST: i64 = 20_000;

const fn call(action: &'static str) -> Call {
    Call {
        port: "search",
        action,
    }
}

#[async_trait]
impl Search for PostgresStore {
    async fn messages(&self, query: &MessageQuery) -> Result<Vec<Message>, Failure> {
        self.snapshot(call("find messages"), async |db| {
            find_messages(db, query).await
        })
        .await
    }

    async fn people(&self, prefix: &str, limit: usize) -> Result<Vec<User>, Failure> {
        self.read(call("find people"), async |db| {
            find_people(db, &prefix.to_lowercase(), limit).await
        })
        .await
    }
}

/// Follows the index of words, the only index that the innermost statement can use. Counts the hits, up
/// to the limit.
const BY_WORD: &str = "
    WITH hits AS MATERIALIZED (
        SELECT room_id, seq, id
        FROM (
            SELECT room_id, seq, id, sender_id, created_at
            FROM messages
            WHERE words @> $1 AND ($2::text[] IS NULL OR words && $2)
            OFFSET 0
        ) AS found
        WHERE ($4::uuid IS NULL OR sender_id = $4)
            AND ($5::timestamptz IS NULL OR created_at < $5)
            AND ($6::timestamptz IS NULL OR created_at >= $6)
            AND ($7::uuid IS NULL OR id < $7)
        LIMIT $8
    )
    SELECT NULL::uuid AS id, NULL::uuid AS room_id, count(*) AS hits FROM hits
    UNION ALL (
        SELECT hits.id, hits.room_id, 0
        FROM hits
        JOIN memberships ON memberships.room_id = hits.room_id AND memberships.user_id = $3
        JOIN rooms ON rooms.id = hits.room_id
        WHERE memberships.left_at IS NULL
            AND rooms.deleted_at IS NULL
            AND hits.seq > memberships.from_seq
        ORDER BY hits.id DESC
        LIMIT $9
    )
";

/// Scans back from the newest message, up to the limit. The innermost statement can use nothing but
/// that order.
const BY_AGE: &str = "
    SELECT found.id, found.room_id, 0::bigint AS hits
    FROM (
        SELECT room_id, seq, id, sender_id, created_at, words
        FROM messages
        WHERE id < coalesce($7::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        ORDER BY id DESC
        LIMIT $8
    ) AS found
    JOIN memberships ON memberships.room_id = found.room_id AND memberships.user_id = $3
    JOIN rooms ON rooms.id = found.room_id
    WHERE found.words @> $1 AND ($2::text[] IS NULL OR found.words && $2)
        AND ($4::uuid IS NULL OR found.sender_id = $4)
        AND ($5::timestamptz IS NULL OR found.created_at < $5)
        AND ($6::timestamptz IS NULL OR found.created_at >= $6)
        AND memberships.left_at IS NULL
        AND rooms.deleted_at IS NULL
        AND found.seq > memberships.from_seq
    ORDER BY found.id DESC
    LIMIT $9
";

/// A matching message, or the number of hits.
#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = Nullable<Uuid>)]
    id: Option<Key<MessageId>>,
    #[diesel(sql_type = Nullable<Uuid>)]
    room_id: Option<Key<RoomId>>,
    #[diesel(sql_type = BigInt)]
    hits: i64,
}

async fn find_messages(
    db: &mut AsyncPgConnection,
    query: &MessageQuery,
) -> Result<Vec<Message>, Broken> {
    let rooms = match query.room {
        Some(room) => vec![room],
        None => some_rooms(db, query.reader).await?,
    };
    if rooms.is_empty() || query.words.is_empty() {
        return Ok(Vec::new());
    }
    let mut hits = follow(db, BY_WORD, MANY_HITS + 1, query, &rooms).await?;
    if hits.iter().any(|hit| hit.hits > MANY_HITS) {
        hits = follow(db, BY_AGE, NEWEST, query, &rooms).await?;
        if hits.len() < query.limit {
            hits = follow(db, BY_WORD, i64::MAX, query, &rooms).await?;
        }
    }
    let (ids, rooms): (Vec<_>, Vec<_>) = hits
        .into_iter()
        .filter_map(|hit| hit.id.zip(hit.room_id))
        .unzip();
    let rows = messages::table
        .filter(messages::id.eq_any(ids))
        .filter(messages::room_id.eq_any(rooms))
        .order(messages::id.desc())
        .select(whole(&[query.reader]))
        .load(db)
        .await?;
    seen_by(query.reader, rows)
}

/// The user's rooms, up to one more than the index is asked for.
async fn some_rooms(db: &mut AsyncPgConnection, user: UserId) -> Result<Vec<RoomId>, Broken> {
    let rooms: Vec<Key<RoomId>> = memberships::table
        .filter(memberships::user_id.eq(Key(user)))
        .filter(memberships::left_at.is_null())
        .limit(at_most(ROOMS_ASKED_FOR + 1))
        .select(memberships::room_id)
        .load(db)
        .await?;
    Ok(rooms.into_iter().map(|key| key.0).collect())
}

/// Finds the newest hits with one of the statements, within its limit.
async fn follow(
    db: &mut AsyncPgConnection,
    way: &str,
    far: i64,
    query: &MessageQuery,
    rooms: &[RoomId],
) -> Result<Vec<Hit>, Broken> {
    let few = rooms.len() <= ROOMS_ASKED_FOR;
    let rooms: Vec<String> = rooms.iter().copied().map(room_word).collect();
    let hits = diesel::sql_query(way)
        .bind::<Array<Text>, _>(&query.words)
        .bind::<Nullable<Array<Text>>, _>(few.then_some(rooms))
        .bind::<Uuid, _>(Key(query.reader))
        .bind::<Nullable<Uuid>, _>(query.from.map(Key))
        .bind::<Nullable<Timestamptz>, _>(query.before.map(Moment))
        .bind::<Nullable<Timestamptz>, _>(query.after.map(Moment))
        .bind::<Nullable<Uuid>, _>(query.cursor.map(Key))
        .bind::<BigInt, _>(far)
        .bind::<BigInt, _>(at_most(query.limit))
        .load(db)
        .await?;
    Ok(hits)
}

/// A user with several matching names and words is found once. The innermost statement can use nothing
/// but the index of names: a plan that walks the usernames until it has enough may have to walk all of
/// them.
const BY_NAME: &str = "
    SELECT found.*
    FROM (
        SELECT users.*
        FROM (
            SELECT DISTINCT user_id
            FROM name_starts
            WHERE start >= $1 AND ($2::text IS NULL OR start < $2)
            OFFSET 0
        ) AS named
        JOIN users ON users.id = named.user_id
        OFFSET 0
    ) AS found
    ORDER BY found.username_key
    LIMIT $3
";

async fn find_people(
    db: &mut AsyncPgConnection,
    prefix: &str,
    limit: usize,
) -> Result<Vec<User>, Broken> {
    let rows: Vec<UserRow> = diesel::sql_query(BY_NAME)
        .bind::<Text, _>(prefix)
        .bind::<Nullable<Text>, _>(successor(prefix))
        .bind::<BigInt, _>(at_most(limit))
        .load(db)
        .await?;
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
