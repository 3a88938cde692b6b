//! What a rule is shown, and carrying out its decision.

use diesel::prelude::*;
use domain::port::rooms::{Act, Decision, Outcome, Party, Scene};
use domain::{Invite, Room, RoomId, UserId, stepping};

use super::find;
use super::keep::keep;
use crate::columns::Key;
use crate::events;
use crate::failure::Broken;
use crate::rows::InviteRow;
use crate::schema::invites;

/// The room and the users concerned, as this transaction sees them; `None` if there is no such room.
pub(super) fn scene(db: &mut SqliteConnection, act: &Act) -> Result<Option<Scene>, Broken> {
    let Some(room) = find::living(db, act.room)? else {
        return Ok(None);
    };
    let actor = party(db, act.room, act.actor)?;
    let subject = if act.subject == act.actor {
        actor.clone()
    } else {
        party(db, act.room, act.subject)?
    };
    Ok(Some(Scene {
        room,
        actor,
        subject,
        invite: shown(db, act)?,
    }))
}

/// Carries out a decision about a room, and stores the events that announce it.
pub(super) fn carry_out(
    db: &mut SqliteConnection,
    act: &Act,
    room: Room,
    decision: &Decision,
) -> Result<Outcome, Broken> {
    let cast = stepping::cast(&room, &decision.steps);
    let seats = find::seats(db, act.room, cast)?;
    let changes = stepping::carry_out(act, room, seats, &decision.steps);
    keep(db, act, &changes)?;
    events::store(db, &decision.events)?;
    Ok(changes.outcome)
}

fn party(db: &mut SqliteConnection, room: RoomId, user: UserId) -> Result<Party, Broken> {
    Ok(Party {
        membership: find::member(db, room, user)?,
        banned: find::banned(db, room, user)?,
    })
}

fn shown(db: &mut SqliteConnection, act: &Act) -> Result<Option<Invite>, Broken> {
    let Some(code) = &act.invite else {
        return Ok(None);
    };
    let row: Option<InviteRow> = invites::table
        .find(code.as_str())
        .filter(invites::room.eq(Key(act.room)))
        .select(InviteRow::as_select())
        .first(db)
        .optional()?;
    row.map(InviteRow::read).transpose()
}
