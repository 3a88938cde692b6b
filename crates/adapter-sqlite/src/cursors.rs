//! The port `CursorStore`.

use std::collections::HashMap;

use async_trait::async_trait;
use diesel::dsl::min;
use diesel::prelude::*;
use domain::port::CursorStore;
use domain::port::cursors::{CursorMove, Floor, Moved, Progress};
use domain::{Cursors, Failure, RoomId, Seq, UserId};

use crate::SqliteStore;
use crate::columns::{Key, keys};
use crate::failure::{Broken, Spot};
use crate::rows::at_most;
use crate::schema::{memberships, rooms};

const PORT: &str = "cursors";

#[async_trait]
impl CursorStore for SqliteStore {
    async fn advance(&self, change: &CursorMove) -> Result<Moved, Failure> {
        let change = *change;
        self.write(PORT, "advance", move |db| advance(db, &change))
            .await
    }

    async fn progress(
        &self,
        room: RoomId,
        except: UserId,
        limit: usize,
    ) -> Result<Vec<Progress>, Failure> {
        self.read(PORT, "read progress", move |db| {
            progress(db, room, except, limit)
        })
        .await
    }

    async fn floors(
        &self,
        rooms: &[RoomId],
        except: UserId,
    ) -> Result<Vec<(RoomId, Floor)>, Failure> {
        let rooms = rooms.to_vec();
        self.read(PORT, "read floors", move |db| floors(db, &rooms, except))
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

fn advance(db: &mut SqliteConnection, change: &CursorMove) -> Result<Moved, Broken> {
    let standing: Option<(i64, i64, i64)> = living()
        .filter(memberships::room.eq(Key(change.room)))
        .filter(memberships::user.eq(Key(change.user)))
        .select((
            rooms::last_seq,
            memberships::read_seq,
            memberships::delivered_seq,
        ))
        .first(db)
        .optional()?;
    let Some((last, read, delivered)) = standing else {
        return Ok(Moved::NotMember);
    };
    let spot = Spot::new("rooms", &change.room);
    let last = spot.known("last_seq", Seq::new(last))?;
    if change.read.max(change.delivered) > Some(last) {
        return Ok(Moved::Beyond { last });
    }
    let before = cursors(change.user, read, delivered)?;
    let cursors = before.moved(change.read, change.delivered);
    let advanced = cursors != before;
    // A client that repeats itself causes no write, and so no wait for the disk.
    if advanced {
        diesel::update(memberships::table.find((Key(change.room), Key(change.user))))
            .set((
                memberships::read_seq.eq(cursors.read.get()),
                memberships::delivered_seq.eq(cursors.delivered.get()),
            ))
            .execute(db)?;
    }
    Ok(Moved::To { cursors, advanced })
}

fn progress(
    db: &mut SqliteConnection,
    room: RoomId,
    except: UserId,
    limit: usize,
) -> Result<Vec<Progress>, Broken> {
    let rows: Vec<(Key<UserId>, i64, i64, i64)> = living()
        .filter(memberships::room.eq(Key(room)))
        .filter(memberships::user.ne(Key(except)))
        .order(memberships::user)
        .limit(at_most(limit))
        .select((
            memberships::user,
            memberships::read_seq,
            memberships::delivered_seq,
            memberships::from_seq,
        ))
        .load(db)?;
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

fn floors(
    db: &mut SqliteConnection,
    asked: &[RoomId],
    except: UserId,
) -> Result<Vec<(RoomId, Floor)>, Broken> {
    type Least = Option<i64>;
    let rows: Vec<(Key<RoomId>, Least, Least, Least)> = living()
        .filter(memberships::room.eq_any(keys(asked)))
        .filter(memberships::user.ne(Key(except)))
        .group_by(memberships::room)
        .select((
            memberships::room,
            min(memberships::read_seq),
            min(memberships::delivered_seq),
            min(memberships::from_seq),
        ))
        .load(db)?;
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
