//! The port `MediaStore`.

use async_trait::async_trait;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::port::MediaStore;
use domain::port::media::{FileDigest, Filed, Findings};
use domain::{Event, Failure, Media, MediaId, MediaStatus, Message, Seq, Timestamp, UserId};
use uuid::Uuid;

use crate::SqliteStore;
use crate::columns::{Key, keys};
use crate::failure::{Broken, Spot};
use crate::messages::{dress, touch};
use crate::rows::{MediaRow, MessageRow, at_most, in_order, status_word};
use crate::schema::{media, messages, rooms, users};

const PORT: &str = "media";

#[diesel::declare_sql_function]
extern "SQL" {
    /// Diesel's own `sum` would return a decimal.
    #[aggregate]
    #[sql_name = "sum"]
    fn sum_of(x: BigInt) -> Nullable<BigInt>;
}

#[async_trait]
impl MediaStore for SqliteStore {
    async fn create(
        &self,
        media: &Media,
        digest: FileDigest,
        events: &[Event],
    ) -> Result<(), Failure> {
        let (row, events) = (MediaRow::of(media, digest), events.to_vec());
        self.write(PORT, "create", move |db| {
            diesel::insert_into(media::table).values(row).execute(db)?;
            crate::events::store(db, &events)
        })
        .await
    }

    async fn find(&self, ids: &[MediaId]) -> Result<Vec<Media>, Failure> {
        let ids = ids.to_vec();
        self.read(PORT, "find", move |db| find(db, &ids)).await
    }

    async fn filed(&self, id: MediaId) -> Result<Option<Filed>, Failure> {
        self.read(PORT, "find", move |db| filed(db, id)).await
    }

    async fn conclude(
        &self,
        id: MediaId,
        findings: &Findings,
    ) -> Result<Option<(Media, Option<Message>)>, Failure> {
        let findings = findings.clone();
        self.write(PORT, "conclude", move |db| conclude(db, id, &findings))
            .await
    }

    async fn usage(&self, owner: UserId) -> Result<i64, Failure> {
        self.read(PORT, "sum up", move |db| {
            let sum: Option<i64> = media::table
                .filter(media::owner.eq(Key(owner)))
                .filter(media::status.ne(status_word(MediaStatus::Rejected)))
                .select(sum_of(media::size))
                .get_result(db)?;
            Ok(sum.unwrap_or(0))
        })
        .await
    }

    async fn of_owner(
        &self,
        owner: UserId,
        after: Option<MediaId>,
        limit: usize,
    ) -> Result<Vec<Media>, Failure> {
        self.read(PORT, "list", move |db| {
            let after = after.unwrap_or(MediaId::from_uuid(Uuid::nil()));
            let rows: Vec<MediaRow> = standing()
                .filter(media::owner.eq(Key(owner)))
                .filter(media::id.gt(Key(after)))
                .order(media::id)
                .limit(at_most(limit))
                .select(MediaRow::as_select())
                .load(db)?;
            rows.into_iter().map(MediaRow::read).collect()
        })
        .await
    }

    async fn orphans(&self, before: Timestamp, limit: usize) -> Result<Vec<MediaId>, Failure> {
        self.read(PORT, "look for orphans", move |db| {
            orphans(db, before, limit)
        })
        .await
    }

    async fn remove(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, Failure> {
        let ids = keys(ids);
        self.write(PORT, "remove", move |db| {
            let unneeded = media::table
                .filter(media::id.eq_any(ids))
                .filter(hangs_nowhere());
            let removed: Vec<Key<MediaId>> = diesel::delete(unneeded)
                .returning(media::id)
                .get_results(db)?;
            Ok(removed.into_iter().map(|key| key.0).collect())
        })
        .await
    }
}

/// Whether an upload is attached to no message and is nobody's avatar.
#[diesel::dsl::auto_type]
fn hangs_nowhere() -> _ {
    let worn = users::table.filter(users::avatar.eq(media::id.nullable()));
    media::message.is_null().and(not(exists(worn)))
}

/// Uploads that belong to no room, or to one that is not deleted.
#[diesel::dsl::auto_type]
fn standing() -> _ {
    let room = rooms::table
        .filter(rooms::id.nullable().eq(media::room))
        .filter(rooms::deleted_at.is_null());
    media::table.filter(media::room.is_null().or(exists(room)))
}

fn find(db: &mut SqliteConnection, ids: &[MediaId]) -> Result<Vec<Media>, Broken> {
    let rows: Vec<MediaRow> = standing()
        .filter(media::id.eq_any(keys(ids)))
        .select(MediaRow::as_select())
        .load(db)?;
    let found = rows
        .into_iter()
        .map(MediaRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(in_order(ids, found, |media| media.id))
}

fn filed(db: &mut SqliteConnection, id: MediaId) -> Result<Option<Filed>, Broken> {
    let row: Option<MediaRow> = standing()
        .filter(media::id.eq(Key(id)))
        .select(MediaRow::as_select())
        .first(db)
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let seq = match row.message {
        Some(num) => Some(messages::table.find(num).select(messages::seq).first(db)?),
        None => None,
    };
    let spot = Spot::new("messages", &id);
    let seq = seq
        .map(|seq| spot.known("seq", Seq::new(seq)))
        .transpose()?;
    row.filed(seq).map(Some)
}

fn conclude(
    db: &mut SqliteConnection,
    id: MediaId,
    findings: &Findings,
) -> Result<Option<(Media, Option<Message>)>, Broken> {
    let waiting: Option<Option<i64>> = standing()
        .filter(media::id.eq(Key(id)))
        .filter(media::status.eq(status_word(MediaStatus::Processing)))
        .select(media::message)
        .first(db)
        .optional()?;
    let Some(bearer) = waiting else {
        return Ok(None);
    };
    let row: MediaRow = diesel::update(media::table.find(Key(id)))
        .set((
            media::status.eq(status_word(findings.status)),
            media::width.eq(findings.dimensions.map(|(width, _)| width)),
            media::height.eq(findings.dimensions.map(|(_, height)| height)),
            media::thumbnail.eq(findings.thumbnail),
        ))
        .returning(MediaRow::as_returning())
        .get_result(db)?;
    let message = match bearer {
        Some(num) => touch_bearer(db, num)?,
        None => None,
    };
    Ok(Some((row.read()?, message)))
}

/// Gives the next rev to the message that an upload is attached to, and returns it as its sender sees
/// it.
fn touch_bearer(db: &mut SqliteConnection, num: i64) -> Result<Option<Message>, Broken> {
    let bearer = messages::table.find(num).select(MessageRow::as_select());
    let room = bearer.first(db)?.room.0;
    touch(db, room, num)?;
    let row: MessageRow = bearer.first(db)?;
    let sender = row.sender.0;
    Ok(dress(db, vec![row], sender)?.into_iter().next())
}

/// Uploads of a deleted room are found once the room's cleanup has detached them from their messages.
fn orphans(
    db: &mut SqliteConnection,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<MediaId>, Broken> {
    let ids: Vec<Key<MediaId>> = media::table
        .filter(hangs_nowhere())
        .filter(media::created_at.lt(before.as_millis()))
        .order((media::created_at, media::id))
        .limit(at_most(limit))
        .select(media::id)
        .load(db)?;
    Ok(ids.into_iter().map(|key| key.0).collect())
}
