//! The port `Members`.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use diesel::dsl::{auto_type, count, exists};
use diesel::prelude::*;
use domain::port::Members;
use domain::port::members::{Ban, Passage};
use domain::{Failure, Membership, Notifications, RoomId, Timestamp, UserId, Username};
use uuid::Uuid;

use crate::SqliteStore;
use crate::columns::{Key, keys};
use crate::failure::Broken;
use crate::rooms::living;
use crate::rows::{MembershipRow, at_most, in_order};
use crate::schema::{bans, memberships, mentions, rooms, users};

const PORT: &str = "members";

diesel::alias!(memberships as mine: Mine);

#[async_trait]
impl Members for SqliteStore {
    async fn page(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Membership>, Failure> {
        self.read(PORT, "list", move |db| page(db, room, after, limit))
            .await
    }

    async fn rosters(
        &self,
        rooms: &[RoomId],
        most: usize,
    ) -> Result<Vec<(RoomId, Vec<UserId>)>, Failure> {
        let rooms = rooms.to_vec();
        self.read(PORT, "list by room", move |db| rosters(db, &rooms, most))
            .await
    }

    async fn find(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure> {
        let users = users.to_vec();
        self.read(PORT, "find", move |db| find(db, room, &users))
            .await
    }

    async fn find_ever(&self, room: RoomId, users: &[UserId]) -> Result<Vec<Membership>, Failure> {
        let users = users.to_vec();
        self.read(PORT, "find with tombstones", move |db| {
            find_ever(db, room, &users)
        })
        .await
    }

    async fn named(&self, room: RoomId, names: &[Username]) -> Result<Vec<UserId>, Failure> {
        let names: Vec<String> = names.iter().map(Username::key).collect();
        self.read(PORT, "find by name", move |db| named(db, room, &names))
            .await
    }

    async fn bans(&self, room: RoomId) -> Result<Vec<Ban>, Failure> {
        self.read(PORT, "list bans", move |db| bans(db, room)).await
    }

    async fn notify(
        &self,
        room: RoomId,
        user: UserId,
        notifications: Notifications,
    ) -> Result<bool, Failure> {
        self.write(PORT, "note notifications", move |db| {
            notify(db, room, user, notifications)
        })
        .await
    }

    async fn companions(&self, user: UserId, among: &[UserId]) -> Result<Vec<UserId>, Failure> {
        let among = among.to_vec();
        self.read(PORT, "find companions", move |db| {
            companions(db, user, &among)
        })
        .await
    }

    async fn peers(
        &self,
        user: UserId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, Failure> {
        self.read(PORT, "list peers", move |db| peers(db, user, after, limit))
            .await
    }

    async fn circles(
        &self,
        user: UserId,
        most_members: i64,
        limit: usize,
    ) -> Result<Vec<RoomId>, Failure> {
        self.read(PORT, "list circles", move |db| {
            circles(db, user, most_members, limit)
        })
        .await
    }

    async fn living(&self, pairs: &[(RoomId, UserId)]) -> Result<Vec<(RoomId, UserId)>, Failure> {
        let pairs: BTreeSet<(RoomId, UserId)> = pairs.iter().copied().collect();
        self.read(PORT, "check", move |db| belonging(db, pairs))
            .await
    }

    async fn passages(
        &self,
        user: UserId,
        after: Option<RoomId>,
        limit: usize,
    ) -> Result<Vec<Passage>, Failure> {
        self.read(PORT, "tell passages", move |db| {
            passages(db, user, after, limit)
        })
        .await
    }

    async fn mentions(
        &self,
        user: UserId,
        rooms: &[RoomId],
    ) -> Result<Vec<(RoomId, i64)>, Failure> {
        let rooms = rooms.to_vec();
        self.read(PORT, "count mentions", move |db| unread(db, user, &rooms))
            .await
    }
}

/// The memberships of a room, unless it was deleted.
#[auto_type]
fn ever_of_room(room: RoomId) -> _ {
    memberships::table
        .inner_join(rooms::table)
        .filter(memberships::room.eq(Key::<RoomId>(room)))
        .filter(rooms::deleted_at.is_null())
}

/// The same, without tombstones.
#[auto_type(no_type_alias)]
fn of_room(room: RoomId) -> _ {
    let ever: ever_of_room = ever_of_room(room);
    ever.filter(memberships::left_at.is_null())
}

/// The rooms that someone belongs to.
#[auto_type(no_type_alias)]
fn rooms_of(user: UserId) -> _ {
    mine.inner_join(rooms::table.on(rooms::id.eq(mine.field(memberships::room))))
        .filter(mine.field(memberships::user).eq(Key::<UserId>(user)))
        .filter(mine.field(memberships::left_at).is_null())
        .filter(rooms::deleted_at.is_null())
        .select(mine.field(memberships::room))
}

fn page(
    db: &mut SqliteConnection,
    room: RoomId,
    after: Option<UserId>,
    limit: usize,
) -> Result<Vec<Membership>, Broken> {
    let mut members = of_room(room)
        .order(memberships::user)
        .limit(at_most(limit))
        .select(MembershipRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        members = members.filter(memberships::user.gt(Key(after)));
    }
    read(members.load(db)?)
}

/// One short statement for each room, so that a great one costs no more than what is asked of it.
fn rosters(
    db: &mut SqliteConnection,
    rooms: &[RoomId],
    most: usize,
) -> Result<Vec<(RoomId, Vec<UserId>)>, Broken> {
    let mut rosters = Vec::with_capacity(rooms.len());
    for room in rooms {
        let users: Vec<Key<UserId>> = of_room(*room)
            .order(memberships::user)
            .limit(at_most(most))
            .select(memberships::user)
            .load(db)?;
        if !users.is_empty() {
            rosters.push((*room, users.into_iter().map(|key| key.0).collect()));
        }
    }
    Ok(rosters)
}

fn find(
    db: &mut SqliteConnection,
    room: RoomId,
    users: &[UserId],
) -> Result<Vec<Membership>, Broken> {
    let rows: Vec<MembershipRow> = of_room(room)
        .filter(memberships::user.eq_any(keys(users)))
        .select(MembershipRow::as_select())
        .load(db)?;
    Ok(in_order(users, read(rows)?, |member| member.user))
}

fn find_ever(
    db: &mut SqliteConnection,
    room: RoomId,
    users: &[UserId],
) -> Result<Vec<Membership>, Broken> {
    let rows: Vec<MembershipRow> = ever_of_room(room)
        .filter(memberships::user.eq_any(keys(users)))
        .select(MembershipRow::as_select())
        .load(db)?;
    Ok(in_order(users, read(rows)?, |member| member.user))
}

/// The members with these names, as [`Username::key`] spells them.
fn named(db: &mut SqliteConnection, room: RoomId, names: &[String]) -> Result<Vec<UserId>, Broken> {
    let found: Vec<(String, Key<UserId>)> = of_room(room)
        .inner_join(users::table.on(users::id.eq(memberships::user)))
        .filter(users::username_key.eq_any(names))
        .select((users::username_key.assume_not_null(), users::id))
        .load(db)?;
    let found: BTreeMap<String, Key<UserId>> = found.into_iter().collect();
    let members = names.iter().filter_map(|name| found.get(name));
    Ok(members.map(|key| key.0).collect())
}

fn bans(db: &mut SqliteConnection, room: RoomId) -> Result<Vec<Ban>, Broken> {
    let rows: Vec<(Key<UserId>, i64, Key<UserId>)> = bans::table
        .inner_join(rooms::table)
        .filter(bans::room.eq(Key(room)))
        .filter(rooms::deleted_at.is_null())
        .order((bans::at.desc(), bans::user.desc()))
        .select((bans::user, bans::at, bans::by))
        .load(db)?;
    let bans = rows.into_iter().map(|(user, at, by)| Ban {
        user: user.0,
        at: Timestamp::from_millis(at),
        by: by.0,
    });
    Ok(bans.collect())
}

fn notify(
    db: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    notifications: Notifications,
) -> Result<bool, Broken> {
    if living(db, room)?.is_none() {
        return Ok(false);
    }
    let (muted, until) = match notifications {
        Notifications::On => (false, None),
        Notifications::Muted { until } => (true, until.map(Timestamp::as_millis)),
    };
    let noted = diesel::update(memberships::table.find((Key(room), Key(user))))
        .filter(memberships::left_at.is_null())
        .set((
            memberships::muted.eq(muted),
            memberships::muted_until.eq(until),
        ))
        .execute(db)?;
    Ok(noted > 0)
}

fn companions(
    db: &mut SqliteConnection,
    user: UserId,
    among: &[UserId],
) -> Result<Vec<UserId>, Broken> {
    let found: Vec<Key<UserId>> = memberships::table
        .filter(memberships::user.eq_any(keys(among)))
        .filter(memberships::left_at.is_null())
        .filter(memberships::room.eq_any(rooms_of(user)))
        .select(memberships::user)
        .distinct()
        .load(db)?;
    let found = found.into_iter().map(|key| key.0).collect();
    Ok(in_order(among, found, |user| *user))
}

fn peers(
    db: &mut SqliteConnection,
    user: UserId,
    after: Option<UserId>,
    limit: usize,
) -> Result<Vec<UserId>, Broken> {
    let mut found = memberships::table
        .filter(memberships::room.eq_any(rooms_of(user)))
        .filter(memberships::left_at.is_null())
        .filter(memberships::user.ne(Key(user)))
        .order(memberships::user)
        .limit(at_most(limit))
        .select(memberships::user)
        .distinct()
        .into_boxed();
    if let Some(after) = after {
        found = found.filter(memberships::user.gt(Key(after)));
    }
    let found: Vec<Key<UserId>> = found.load(db)?;
    Ok(found.into_iter().map(|key| key.0).collect())
}

/// Along the index of someone's memberships, as far as the limit.
fn circles(
    db: &mut SqliteConnection,
    user: UserId,
    most_members: i64,
    limit: usize,
) -> Result<Vec<RoomId>, Broken> {
    let rooms: Vec<Key<RoomId>> = memberships::table
        .inner_join(rooms::table)
        .filter(memberships::user.eq(Key(user)))
        .filter(memberships::left_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .filter(rooms::member_count.le(most_members))
        .order(memberships::room.desc())
        .limit(at_most(limit))
        .select(memberships::room)
        .load(db)?;
    Ok(rooms.into_iter().map(|key| key.0).collect())
}

fn passages(
    db: &mut SqliteConnection,
    user: UserId,
    after: Option<RoomId>,
    limit: usize,
) -> Result<Vec<Passage>, Broken> {
    let seat = memberships::room
        .eq(rooms::id)
        .and(memberships::user.eq(Key(user)));
    let after = after.unwrap_or(RoomId::from_uuid(Uuid::nil()));
    let rows: Vec<(Key<RoomId>, Option<MembershipRow>)> = rooms::table
        .left_join(memberships::table.on(seat))
        .filter(rooms::deleted_at.is_null())
        .filter(rooms::id.gt(Key(after)))
        .order(rooms::id)
        .limit(at_most(limit))
        .select((rooms::id, Option::<MembershipRow>::as_select()))
        .load(db)?;
    let passages = rows.into_iter().map(|(room, row)| {
        Ok(Passage {
            room: room.0,
            membership: row.map(MembershipRow::read).transpose()?,
        })
    });
    passages.collect()
}

/// One short statement for each, which is prepared once for all: there may be more than one statement
/// takes.
fn belonging(
    db: &mut SqliteConnection,
    pairs: BTreeSet<(RoomId, UserId)>,
) -> Result<Vec<(RoomId, UserId)>, Broken> {
    let mut belonging = Vec::with_capacity(pairs.len());
    for (room, user) in pairs {
        let seat = of_room(room).filter(memberships::user.eq(Key(user)));
        if diesel::select(exists(seat)).get_result(db)? {
            belonging.push((room, user));
        }
    }
    Ok(belonging)
}

/// How many messages after the read cursor mention someone, by room.
fn unread(
    db: &mut SqliteConnection,
    user: UserId,
    among: &[RoomId],
) -> Result<Vec<(RoomId, i64)>, Broken> {
    let seat = memberships::room
        .eq(mentions::room)
        .and(memberships::user.eq(mentions::user));
    let counts: Vec<(Key<RoomId>, i64)> = mentions::table
        .inner_join(rooms::table)
        .inner_join(memberships::table.on(seat))
        .filter(mentions::user.eq(Key(user)))
        .filter(mentions::room.eq_any(keys(among)))
        .filter(mentions::seq.gt(memberships::read_seq))
        .filter(memberships::left_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .group_by(mentions::room)
        .select((
            mentions::room,
            count(mentions::message).aggregate_distinct(),
        ))
        .load(db)?;
    let counts = counts.into_iter().map(|(room, count)| (room.0, count));
    Ok(in_order(among, counts.collect(), |(room, _)| *room))
}

fn read(rows: Vec<MembershipRow>) -> Result<Vec<Membership>, Broken> {
    rows.into_iter().map(MembershipRow::read).collect()
}
