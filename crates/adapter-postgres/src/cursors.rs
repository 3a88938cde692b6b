//! The port `CursorStore`.

use std::collections::HashMap;

use async_trait::async_trait;
use diesel::dsl::min;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Uuid};
use domain::port::CursorStore;
use domain::port::cursors::{CursorMove, Floor, Moved, Progress};
use domain::{Cursors, Failure, RoomId, Seq, UserId};

use crate::PostgresStore;
use crate::columns::{Key, keys};
use crate::failure::{Broken, Call, Spot};
use crate::prelude::*;
use crate::rows::at_most;
use crate::schema::{memberships, rooms};

const fn call(action: &'static str) -> Call {
    Call {
        port: "cursors",
        action,
    }
}

#[async_trait]
impl CursorStore for PostgresStore {
    async fn advance(&self, change: &CursorMove) -> Result<Moved, Failure> {
        self.change(call("advance"), async |db| advance(db, change).await)
            .await
    }

    async fn progress(
        &self,
        room: RoomId,
        except: UserId,
        limit: usize,
    ) -> Result<Vec<Progress>, Failure> {
        self.read(call("read progress"), async |db| {
            progress(db, room, except, limit).await
        })
        .await
    }

    async fn floors(
        &self,
        rooms: &[RoomId],
        except: UserId,
    ) -> Result<Vec<(RoomId, Floor)>, Failure> {
        self.read(call("read floors"), async |db| {
            floors(db, rooms, except).await
        })
        .await
    }
}

/// Current memberships in rooms that are not deleted.
#[diesel::dsl::auto_type]
fn living() -> _ {
    memberships::table
        .inner_join(rooms::table)
        .filter(memberships::left_at.is_null())
        .filter(rooms::deleted_at.is_null())
}

/// Moves a current member's cursors forward, within the log. A row that would not change is not
/// written, so a client that repeats itself causes no disk write.
#[derive(QueryId)]
struct Advance {
    room: Key<RoomId>,
    user: Key<UserId>,
    read: i64,
    delivered: i64,
}

impl Query for Advance {
    type SqlType = (BigInt, BigInt);
}

impl QueryFragment<Pg> for Advance {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE memberships SET read_seq = greatest(read_seq, ");
        out.push_bind_param::<BigInt, _>(&self.read)?;
        out.push_sql("), delivered_seq = greatest(delivered_seq, ");
        out.push_bind_param::<BigInt, _>(&self.delivered)?;
        out.push_sql(") FROM rooms WHERE memberships.room_id = ");
        out.push_bind_param::<Uuid, _>(&self.room)?;
        out.push_sql(" AND memberships.user_id = ");
        out.push_bind_param::<Uuid, _>(&self.user)?;
        out.push_sql(
            " AND memberships.left_at IS NULL AND rooms.id = memberships.room_id \
             AND rooms.deleted_at IS NULL AND rooms.last_seq >= ",
        );
        out.push_bind_param::<BigInt, _>(&self.delivered)?;
        out.push_sql(" AND (memberships.read_seq < ");
        out.push_bind_param::<BigInt, _>(&self.read)?;
        out.push_sql(" OR memberships.delivered_seq < ");
        out.push_bind_param::<BigInt, _>(&self.delivered)?;
        out.push_sql(") RETURNING memberships.read_seq, memberships.delivered_seq");
        Ok(())
    }
}

async fn advance(db: &mut AsyncPgConnection, change: &CursorMove) -> Result<Moved, Broken> {
    let wish = Cursors::default().moved(change.read, change.delivered);
    let moving = Advance {
        room: Key(change.room),
        user: Key(change.user),
        read: wish.read.get(),
        delivered: wish.delivered.get(),
    };
    let moved: Option<(i64, i64)> = moving.get_result(db).await.optional()?;
    match moved {
        Some((read, delivered)) => Ok(Moved::To {
            cursors: cursors(change.user, read, delivered)?,
            advanced: true,
        }),
        None => why_not(db, change, wish).await,
    }
}

/// Why the cursors did not move.
async fn why_not(
    db: &mut AsyncPgConnection,
    change: &CursorMove,
    wish: Cursors,
) -> Result<Moved, Broken> {
    let standing: Option<(i64, i64, i64)> = living()
        .filter(memberships::room_id.eq(Key(change.room)))
        .filter(memberships::user_id.eq(Key(change.user)))
        .select((
            rooms::last_seq,
            memberships::read_seq,
            memberships::delivered_seq,
        ))
        .first(db)
        .await
        .optional()?;
    let Some((last, read, delivered)) = standing else {
        return Ok(Moved::NotMember);
    };
    let last = Spot::new("rooms", &change.room).known("last_seq", Seq::new(last))?;
    if wish.delivered > last {
        return Ok(Moved::Beyond { last });
    }
    let cursors = cursors(change.user, read, delivered)?;
    if cursors.moved(Some(wish.read), Some(wish.delivered)) != cursors {
        // The log or the membership has caught up in the meantime.
        return Err(Broken::Overtaken);
    }
    let advanced = false;
    Ok(Moved::To { cursors, advanced })
}

async fn progress(
    db: &mut AsyncPgConnection,
    room: RoomId,
    except: UserId,
    limit: usize,
) -> Result<Vec<Progress>, Broken> {
    let rows: Vec<(Key<UserId>, i64, i64, i64)> = living()
        .filter(memberships::room_id.eq(Key(room)))
        .filter(memberships::user_id.ne(Key(except)))
        .order(memberships::user_id)
        .limit(at_most(limit))
        .select((
            memberships::user_id,
            memberships::read_seq,
            memberships::delivered_seq,
            memberships::from_seq,
        ))
        .load(db)
        .await?;
    rows.into_iter()
        .map(|(user, read, delivered, from)| {
            let spot = Spot::new("memberships", &user.0);
            Ok(Progress {
                user: user.0,
                cursors: cursors(user.0, read, delivered)?,
                from_seq: spot.known("from_seq", Seq::new(from))?,
            })
        })
        .collect()
}

async fn floors(
    db: &mut AsyncPgConnection,
    asked: &[RoomId],
    except: UserId,
) -> Result<Vec<(RoomId, Floor)>, Broken> {
    type Least = Option<i64>;
    let rows: Vec<(Key<RoomId>, Least, Least, Least)> = living()
        .filter(memberships::room_id.eq_any(keys(asked)))
        .filter(memberships::user_id.ne(Key(except)))
        .group_by(memberships::room_id)
        .select((
            memberships::room_id,
            min(memberships::read_seq),
            min(memberships::delivered_seq),
            min(memberships::from_seq),
        ))
        .load(db)
        .await?;
    let mut floors = HashMap::new();
    for (Key(room), read, delivered, from) in rows {
        if let (Some(read), Some(delivered), Some(from)) = (read, delivered, from) {
            let floor = Floor {
                cursors: cursors(room, read, delivered)?,
                from_seq: Spot::new("memberships", &room).known("from_seq", Seq::new(from))?,
            };
            floors.insert(room, floor);
        }
    }
    let found = asked.iter().filter_map(|id| Some((*id, *floors.get(id)?)));
    Ok(found.collect())
}

fn cursors(whose: impl std::fmt::Display, read: i64, delivered: i64) -> Result<Cursors, Broken> {
    let spot = Spot::new("memberships", &whose);
    Ok(Cursors {
        read: spot.known("read_seq", Seq::new(read))?,
        delivered: spot.known("delivered_seq", Seq::new(delivered))?,
    })
}
