//! Making rooms. The writer does one thing at a time, so what is looked for here is not made meanwhile
//! by another; beneath it, the schema refuses a second direct room of a pair.

use std::collections::BTreeSet;

use diesel::prelude::*;
use domain::port::rooms::{Created, NewDirect, NewRoom, Opened};
use domain::{
    Cursors, History, Invite, InviteCode, Membership, Notifications, Pair, Rev, Role, Room, RoomId,
    RoomKind, Seq, Timestamp, UserId,
};

use super::find;
use crate::columns::Key;
use crate::events;
use crate::failure::Broken;
use crate::rows::{InviteRow, MembershipRow, RoomRow};
use crate::schema::{invites, memberships, rooms};

pub(super) fn room(db: &mut SqliteConnection, new: &NewRoom) -> Result<Created, Broken> {
    if new.unique_name && find::named(db, &new.name.key())?.is_some() {
        return Ok(Created::NameTaken);
    }
    let room = settle(db, blank(new), &members_of(new))?;
    if let Some(code) = &new.standing_invite {
        let invite = standing_invite(new.id, code.clone(), new.owner, new.at);
        keep_invite(db, &invite)?;
    }
    events::store(db, &new.events)?;
    Ok(Created::Made(room))
}

pub(super) fn direct(db: &mut SqliteConnection, new: &NewDirect) -> Result<Opened, Broken> {
    if let Some(room) = of_pair(db, new.pair)? {
        return Ok(Opened { room, fresh: false });
    }
    let room = Room {
        kind: RoomKind::Direct(new.pair),
        ..nobodys(new.id, new.at)
    };
    let members = [new.pair.low(), new.pair.high()].map(|user| (user, Role::Member));
    let room = settle(db, room, &members)?;
    events::store(db, &new.events)?;
    Ok(Opened { room, fresh: true })
}

/// A membership that begins now.
pub(super) fn newcomer(room: RoomId, user: UserId, from: Seq, at: Timestamp) -> Membership {
    Membership {
        room,
        user,
        role: Role::Member,
        joined_at: at,
        left_at: None,
        from_seq: from,
        rev: Rev::ZERO,
        cursors: Cursors::default().moved(Some(from), Some(from)),
        silenced_until: None,
        notifications: Notifications::On,
    }
}

/// The invite that a private room has at hand.
pub(super) fn standing_invite(room: RoomId, code: InviteCode, by: UserId, at: Timestamp) -> Invite {
    Invite {
        code,
        room,
        created_by: by,
        created_at: at,
        expires_at: None,
        max_uses: None,
        uses: 0,
        revoked_at: None,
    }
}

/// Stores an invite, whose code nobody may have used.
pub(crate) fn keep_invite(db: &mut SqliteConnection, invite: &Invite) -> Result<(), Broken> {
    diesel::insert_into(invites::table)
        .values(InviteRow::of(invite))
        .execute(db)?;
    Ok(())
}

fn of_pair(db: &mut SqliteConnection, pair: Pair) -> Result<Option<Room>, Broken> {
    let row: Option<RoomRow> = rooms::table
        .filter(rooms::low.eq(Key(pair.low())))
        .filter(rooms::high.eq(Key(pair.high())))
        .filter(rooms::deleted_at.is_null())
        .select(RoomRow::as_select())
        .first(db)
        .optional()?;
    row.map(RoomRow::read).transpose()
}

/// Stores a room with its first members, who carry the revs after its own.
fn settle(
    db: &mut SqliteConnection,
    mut room: Room,
    members: &[(UserId, Role)],
) -> Result<Room, Broken> {
    let mut rows = Vec::with_capacity(members.len());
    for (user, role) in members {
        room.member_count = room.member_count.saturating_add(1);
        room.last_rev = room.last_rev.next();
        rows.push(MembershipRow::of(&Membership {
            role: *role,
            rev: room.last_rev,
            ..newcomer(room.id, *user, Seq::ZERO, room.created_at)
        }));
    }
    diesel::insert_into(rooms::table)
        .values(RoomRow::of(&room))
        .execute(db)?;
    for row in rows {
        diesel::insert_into(memberships::table)
            .values(row)
            .execute(db)?;
    }
    Ok(room)
}

/// Who is in a room from the start, the owner first, each once.
fn members_of(new: &NewRoom) -> Vec<(UserId, Role)> {
    let mut seen = BTreeSet::from([new.owner]);
    let others = new.members.iter().filter(|user| seen.insert(**user));
    [(new.owner, Role::Owner)]
        .into_iter()
        .chain(others.map(|user| (*user, Role::Member)))
        .collect()
}

fn blank(new: &NewRoom) -> Room {
    let kind = match new.standing_invite {
        Some(_) => RoomKind::Private,
        None => RoomKind::Public,
    };
    Room {
        kind,
        name: Some(new.name.clone()),
        description: new.description.clone(),
        owner: Some(new.owner),
        history: new.history,
        standing_invite: new.standing_invite.clone(),
        ..nobodys(new.id, new.at)
    }
}

fn nobodys(id: RoomId, at: Timestamp) -> Room {
    let first = Rev::ZERO.next();
    Room {
        id,
        kind: RoomKind::Private,
        name: None,
        description: None,
        owner: None,
        history: History::All,
        standing_invite: None,
        member_count: 0,
        created_at: at,
        updated_at: at,
        active_at: at,
        rev: first,
        last_seq: Seq::ZERO,
        last_rev: first,
    }
}
