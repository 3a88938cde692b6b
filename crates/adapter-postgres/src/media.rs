//! The port `MediaStore`.

use async_trait::async_trait;
use diesel::dsl::{exists, not, sql};
use diesel::sql_types::BigInt;
use domain::port::MediaStore;
use domain::port::media::{FileDigest, Filed, Findings};
use domain::{Event, Failure, Media, MediaId, MediaStatus, Message, RoomId, Timestamp, UserId};
use uuid::Uuid;

use crate::PostgresStore;
use crate::columns::{Key, Moment, keys};
use crate::failure::{Broken, Call};
use crate::messages::{seen_by, touch, whole};
use crate::prelude::*;
use crate::rows::{MediaRow, at_most, in_order, status_word};
use crate::schema::{media, messages, rooms, users};

const fn call(action: &'static str) -> Call {
    Call {
        port: "media",
        action,
    }
}

#[async_trait]
impl MediaStore for PostgresStore {
    async fn create(
        &self,
        media: &Media,
        digest: FileDigest,
        events: &[Event],
    ) -> Result<(), Failure> {
        self.transact(call("create"), async |db| {
            diesel::insert_into(media::table)
                .values(MediaRow::of(media, digest))
                .execute(db)
                .await?;
            crate::events::store(db, events).await
        })
        .await
    }

    async fn find(&self, ids: &[MediaId]) -> Result<Vec<Media>, Failure> {
        self.read(call("find"), async |db| find(db, ids).await)
            .await
    }

    async fn filed(&self, id: MediaId) -> Result<Option<Filed>, Failure> {
        self.read(call("find"), async |db| {
            let row: Option<MediaRow> = standing()
                .filter(media::id.eq(Key(id)))
                .select(MediaRow::as_select())
                .first(db)
                .await
                .optional()?;
            row.map(MediaRow::filed).transpose()
        })
        .await
    }

    async fn conclude(
        &self,
        id: MediaId,
        findings: &Findings,
    ) -> Result<Option<(Media, Option<Message>)>, Failure> {
        self.transact(call("conclude"), async |db| {
            conclude(db, id, findings).await
        })
        .await
    }

    async fn usage(&self, owner: UserId) -> Result<i64, Failure> {
        self.read(call("sum up"), async |db| {
            let sum = media::table
                .filter(media::owner_id.eq(Key(owner)))
                .filter(media::status.ne(status_word(MediaStatus::Rejected)))
                .select(sql::<BigInt>("coalesce(sum(size), 0)::bigint"));
            Ok(sum.get_result(db).await?)
        })
        .await
    }

    async fn of_owner(
        &self,
        owner: UserId,
        after: Option<MediaId>,
        limit: usize,
    ) -> Result<Vec<Media>, Failure> {
        self.read(call("list"), async |db| {
            let after = after.unwrap_or(MediaId::from_uuid(Uuid::nil()));
            let rows: Vec<MediaRow> = standing()
                .filter(media::owner_id.eq(Key(owner)))
                .filter(media::id.gt(Key(after)))
                .order(media::id)
                .limit(at_most(limit))
                .select(MediaRow::as_select())
                .load(db)
                .await?;
            rows.into_iter().map(MediaRow::read).collect()
        })
        .await
    }

    async fn orphans(&self, before: Timestamp, limit: usize) -> Result<Vec<MediaId>, Failure> {
        self.read(call("look for orphans"), async |db| {
            orphans(db, before, limit).await
        })
        .await
    }

    async fn remove(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, Failure> {
        self.change(call("remove"), async |db| {
            let unneeded = media::table
                .filter(media::id.eq_any(keys(ids)))
                .filter(hangs_nowhere());
            let removed: Vec<Key<MediaId>> = diesel::delete(unneeded)
                .returning(media::id)
                .get_results(db)
                .await?;
            Ok(removed.into_iter().map(|key| key.0).collect())
        })
        .await
    }
}

/// Whether an upload is attached to no message and is nobody's avatar.
#[diesel::dsl::auto_type]
fn hangs_nowhere() -> _ {
    let worn = users::table.filter(users::avatar.eq(media::id.nullable()));
    media::seq.is_null().and(not(exists(worn)))
}

/// Uploads that belong to no room, or to one that is not deleted.
#[diesel::dsl::auto_type]
fn standing() -> _ {
    let room = rooms::table
        .filter(rooms::id.nullable().eq(media::room_id))
        .filter(rooms::deleted_at.is_null());
    media::table.filter(media::room_id.is_null().or(exists(room)))
}

async fn find(db: &mut AsyncPgConnection, ids: &[MediaId]) -> Result<Vec<Media>, Broken> {
    let rows: Vec<MediaRow> = standing()
        .filter(media::id.eq_any(keys(ids)))
        .select(MediaRow::as_select())
        .load(db)
        .await?;
    let found = rows
        .into_iter()
        .map(MediaRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(in_order(ids, found, |media| media.id))
}

/// Locks the room before the upload, in the same order as attaching it to a message does.
async fn conclude(
    db: &mut AsyncPgConnection,
    id: MediaId,
    findings: &Findings,
) -> Result<Option<(Media, Option<Message>)>, Broken> {
    let upload = media::table.find(Key(id)).select(media::room_id);
    let room: Option<Option<Key<RoomId>>> = upload.first(db).await.optional()?;
    let Some(room) = room else {
        return Ok(None);
    };
    let room = room.map(|key| key.0);
    if let Some(room) = room
        && crate::rooms::lock(db, room).await?.is_none()
    {
        return Ok(None);
    }
    let waiting = media::table
        .filter(media::id.eq(Key(id)))
        .filter(media::status.eq(status_word(MediaStatus::Processing)));
    let row: Option<MediaRow> = diesel::update(waiting)
        .set((
            media::status.eq(status_word(findings.status)),
            media::width.eq(findings.dimensions.map(|(width, _)| width)),
            media::height.eq(findings.dimensions.map(|(_, height)| height)),
            media::thumbnail.eq(findings.thumbnail),
        ))
        .returning(MediaRow::as_returning())
        .get_result(db)
        .await
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let message = match room.zip(row.seq) {
        Some(bearer) => touch_bearer(db, bearer).await?,
        None => None,
    };
    Ok(Some((row.read()?, message)))
}

/// Gives the next rev to the message that an upload is attached to, and returns it as its sender sees
/// it.
async fn touch_bearer(
    db: &mut AsyncPgConnection,
    (room, seq): (RoomId, i64),
) -> Result<Option<Message>, Broken> {
    touch(db, room, seq).await?;
    let bearer = messages::table.find((Key(room), seq));
    let sender: Key<UserId> = bearer.select(messages::sender_id).first(db).await?;
    let rows = bearer.select(whole(&[sender.0])).load(db).await?;
    Ok(seen_by(sender.0, rows)?.pop())
}

/// Uploads of a deleted room are found once the room's cleanup has detached them from their messages.
async fn orphans(
    db: &mut AsyncPgConnection,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<MediaId>, Broken> {
    let ids: Vec<Key<MediaId>> = media::table
        .filter(hangs_nowhere())
        .filter(media::created_at.lt(Moment(before)))
        .order((media::created_at, media::id))
        .limit(at_most(limit))
        .select(media::id)
        .load(db)
        .await?;
    Ok(ids.into_iter().map(|key| key.0).collect())
}
