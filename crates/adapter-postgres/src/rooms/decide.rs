//! Applying a rule to a room, under the room's lock.

use diesel::dsl::exists;
use domain::port::rooms::{Act, Decided, Party, Rule, Scene};
use domain::stepping;
use domain::{Invite, Membership, Room, RoomId, UserId};
use futures::try_join;

use super::carry;
use super::lock;
use crate::columns::Key;
use crate::events;
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::{InviteRow, MembershipRow};
use crate::schema::{bans, invites, memberships};

/// Locks the room, asks the rule, and carries out its decision. A rule is pure and fast, so it runs
/// while others wait, and always on current data.
pub(super) async fn decide(
    db: &mut AsyncPgConnection,
    act: &Act,
    rule: &Rule<'_>,
) -> Result<Decided, Broken> {
    let Some(room) = lock(db, act.room).await? else {
        return Ok(Decided::Unknown);
    };
    let scene = scene(db, act, room).await?;
    let decision = match rule(&scene) {
        Ok(decision) => decision,
        Err(refusal) => return Ok(Decided::Refused(refusal)),
    };
    let cast = stepping::cast(&scene.room, &decision.steps);
    let seats = carry::seats(db, act.room, &cast).await?;
    let changes = stepping::carry_out(act, scene.room, seats, &decision.steps);
    try_join!(
        carry::keep(db, act, &changes),
        events::store(db, &decision.events)
    )?;
    Ok(Decided::Done(Box::new(changes.outcome)))
}

/// The room and the users concerned in their current state. The queries are pipelined, and run after
/// the lock was granted.
async fn scene(db: &AsyncPgConnection, act: &Act, room: Room) -> Result<Scene, Broken> {
    let (actor, subject, invite) = try_join!(
        party(db, act.room, act.actor),
        async {
            if act.subject == act.actor {
                return Ok(None);
            }
            party(db, act.room, act.subject).await.map(Some)
        },
        shown(db, act),
    )?;
    Ok(Scene {
        room,
        subject: subject.unwrap_or_else(|| actor.clone()),
        actor,
        invite,
    })
}

async fn party(db: &AsyncPgConnection, room: RoomId, user: UserId) -> Result<Party, Broken> {
    let (membership, banned) = try_join!(member(db, room, user), banned(db, room, user))?;
    Ok(Party { membership, banned })
}

async fn member(
    db: &AsyncPgConnection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Membership>, Broken> {
    let row: Option<MembershipRow> = memberships::table
        .find((Key(room), Key(user)))
        .filter(memberships::left_at.is_null())
        .select(MembershipRow::as_select())
        .first(&mut &*db)
        .await
        .optional()?;
    row.map(MembershipRow::read).transpose()
}

async fn banned(db: &AsyncPgConnection, room: RoomId, user: UserId) -> Result<bool, Broken> {
    let ban = bans::table.find((Key(room), Key(user)));
    Ok(diesel::select(exists(ban)).get_result(&mut &*db).await?)
}

async fn shown(db: &AsyncPgConnection, act: &Act) -> Result<Option<Invite>, Broken> {
    let Some(code) = &act.invite else {
        return Ok(None);
    };
    let row: Option<InviteRow> = invites::table
        .find(code.as_str())
        .filter(invites::room_id.eq(Key(act.room)))
        .select(InviteRow::as_select())
        .first(&mut &*db)
        .await
        .optional()?;
    row.map(InviteRow::read).transpose()
}
