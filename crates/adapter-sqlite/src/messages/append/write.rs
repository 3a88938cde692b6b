//! Writing what was decided.
//!
//! One small statement per row: Diesel keeps each of them prepared, so a row costs less than its share
//! of a long statement whose text depends on the length of the batch.

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::placing::Placed;
use domain::port::messages::NewMessage;
use domain::{MediaId, Message, RoomId, Seq, UserId};

use super::known::Numbers;
use crate::columns::Key;
use crate::failure::Broken;
use crate::rows::MessageRow;
use crate::schema::{media, memberships, mentions, messages, rooms, webhooks};
use crate::{events, text_index};

pub(super) fn write(
    db: &mut SqliteConnection,
    numbers: &Numbers,
    placed: &Placed<'_>,
) -> Result<(), Broken> {
    if placed.rooms().is_empty() {
        return Ok(());
    }
    for num in &numbers.forgotten {
        forget_name(db, *num)?;
    }
    let mut num = numbers.last;
    for (new, message) in placed.messages() {
        num = num.saturating_add(1);
        insert(db, num, new, message)?;
    }
    count_replies(db, numbers, placed)?;
    move_heads(db, placed)?;
    for ((room, user), seq) in placed.cursors() {
        move_cursors(db, room, user, seq)?;
    }
    let only_for_webhooks = placed.messages().any(|(new, _)| new.only_for_webhooks);
    let webhooks = !only_for_webhooks
        || diesel::select(exists(webhooks::table.select(webhooks::id))).get_result(db)?;
    for (new, _) in placed.messages() {
        if webhooks || !new.only_for_webhooks {
            events::store(db, &new.events)?;
        }
    }
    Ok(())
}

/// Releases the client id of a deleted room's message, because a new message needs it.
fn forget_name(db: &mut SqliteConnection, num: i64) -> Result<(), Broken> {
    diesel::update(messages::table.find(num))
        .set((
            messages::client_id.eq(None::<Vec<u8>>),
            messages::fingerprint.eq(None::<Vec<u8>>),
        ))
        .execute(db)?;
    Ok(())
}

fn insert(
    db: &mut SqliteConnection,
    num: i64,
    new: &NewMessage,
    message: &Message,
) -> Result<(), Broken> {
    let fingerprint = new.client.map(|(_, fingerprint)| fingerprint);
    diesel::insert_into(messages::table)
        .values(MessageRow::of(num, message, fingerprint))
        .execute(db)?;
    mention(db, num, message, &new.mentions)?;
    for (place, id) in (0..).zip(&new.attachments) {
        attach(db, num, place, *id)?;
    }
    text_index::add(db, num, new.room, &new.body)
}

/// Records the users that a message mentions.
pub(in crate::messages) fn mention(
    db: &mut SqliteConnection,
    num: i64,
    message: &Message,
    users: &[UserId],
) -> Result<(), Broken> {
    for (place, user) in (0_i64..).zip(users) {
        diesel::insert_into(mentions::table)
            .values((
                mentions::message.eq(num),
                mentions::place.eq(place),
                mentions::user.eq(Key(*user)),
                mentions::room.eq(Key(message.room)),
                mentions::seq.eq(message.seq.get()),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn attach(db: &mut SqliteConnection, num: i64, place: i64, id: MediaId) -> Result<(), Broken> {
    diesel::update(media::table.find(Key(id)))
        .set((
            media::attached.eq(true),
            media::message.eq(num),
            media::place.eq(place),
        ))
        .execute(db)?;
    Ok(())
}

/// Updates the roots of threads.
fn count_replies(
    db: &mut SqliteConnection,
    numbers: &Numbers,
    placed: &Placed<'_>,
) -> Result<(), Broken> {
    for message in placed.threads() {
        let Some(num) = numbers.known.get(&message.id) else {
            continue;
        };
        diesel::update(messages::table.find(num))
            .set((
                messages::rev.eq(message.rev.get()),
                messages::reply_count.eq(message.reply_count),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn move_heads(db: &mut SqliteConnection, placed: &Placed<'_>) -> Result<(), Broken> {
    for (id, standing) in placed.rooms() {
        diesel::update(rooms::table.find(Key(*id)))
            .set((
                rooms::last_seq.eq(standing.seq.get()),
                rooms::last_rev.eq(standing.rev.get()),
                rooms::active_at.eq(standing.active_at.as_millis()),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// A sender has read what they posted.
fn move_cursors(
    db: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    seq: Seq,
) -> Result<(), Broken> {
    diesel::update(memberships::table.find((Key(room), Key(user))))
        .filter(memberships::left_at.is_null())
        .filter(memberships::read_seq.lt(seq.get()))
        .set((
            memberships::read_seq.eq(seq.get()),
            memberships::delivered_seq.eq(seq.get()),
        ))
        .execute(db)?;
    Ok(())
}
