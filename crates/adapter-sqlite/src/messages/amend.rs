//! Changing messages.

use diesel::dsl::min;
use diesel::prelude::*;
use domain::port::messages::{Amended, Amendment, Change};
use domain::{Emoji, Message, MessageBody, Rev, Timestamp, UserId, amending};

use super::append::mention;
use super::{dress, touch};
use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::rows::MessageRow;
use crate::schema::{media, mentions, messages, reactions, rooms};
use crate::{events, text_index};

pub(super) fn amend(db: &mut SqliteConnection, amendment: &Amendment) -> Result<Amended, Broken> {
    let Some((row, last)) = load(db, amendment)? else {
        return Ok(Amended::Unknown);
    };
    let num = row.num;
    let last = Spot::new("rooms", &amendment.room).known("last_rev", Rev::new(last))?;
    let before = dress(db, vec![row], amendment.by)?.into_iter().next();
    let before = Spot::new("messages", &num).known("num", before)?;
    let amended = amending::amend(before, amendment, last.next());
    if let Amended::Changed(message) = &amended {
        write(db, num, amendment, message)?;
        touch(db, amendment.room, num)?;
        events::store(db, &amendment.events)?;
    }
    Ok(amended)
}

/// Reads the message, and the last rev of its room.
fn load(
    db: &mut SqliteConnection,
    amendment: &Amendment,
) -> Result<Option<(MessageRow, i64)>, Broken> {
    let found = messages::table
        .inner_join(rooms::table)
        .filter(messages::id.eq(Key(amendment.message)))
        .filter(messages::room.eq(Key(amendment.room)))
        .filter(rooms::deleted_at.is_null())
        .select((MessageRow::as_select(), rooms::last_rev))
        .first(db)
        .optional()?;
    Ok(found)
}

/// Writes the effect of a change on a message.
fn write(
    db: &mut SqliteConnection,
    num: i64,
    amendment: &Amendment,
    message: &Message,
) -> Result<(), Broken> {
    let (at, by) = (amendment.at, amendment.by);
    match &amendment.change {
        Change::Edit { body, .. } => {
            rewrite(db, num, body, at)?;
            text_index::remove(db, num)?;
            text_index::add(db, num, message.room, body)?;
            diesel::delete(mentions::table.filter(mentions::message.eq(num))).execute(db)?;
            mention(db, num, message, &message.mentions)
        }
        Change::Delete => bury(db, num, at),
        Change::React { emoji, on: true } => react(db, num, emoji, by),
        Change::React { emoji, on: false } => take_back(db, num, emoji, by),
        Change::Pin { on } => pin(db, num, on.then_some(at)),
    }
}

fn pin(db: &mut SqliteConnection, num: i64, at: Option<Timestamp>) -> Result<(), Broken> {
    diesel::update(messages::table.find(num))
        .set(messages::pinned_at.eq(at.map(Timestamp::as_millis)))
        .execute(db)?;
    Ok(())
}

fn rewrite(
    db: &mut SqliteConnection,
    num: i64,
    body: &MessageBody,
    at: Timestamp,
) -> Result<(), Broken> {
    diesel::update(messages::table.find(num))
        .set((
            messages::body.eq(body.as_str()),
            messages::edited_at.eq(at.as_millis()),
        ))
        .execute(db)?;
    Ok(())
}

/// Leaves a tombstone. Uploads that were attached to it stay marked as used.
fn bury(db: &mut SqliteConnection, num: i64, at: Timestamp) -> Result<(), Broken> {
    text_index::remove(db, num)?;
    diesel::delete(mentions::table.filter(mentions::message.eq(num))).execute(db)?;
    diesel::delete(reactions::table.filter(reactions::message.eq(num))).execute(db)?;
    diesel::update(media::table.filter(media::message.eq(num)))
        .set(media::message.eq(None::<i64>))
        .execute(db)?;
    diesel::update(messages::table.find(num))
        .set((
            messages::body.eq(None::<&str>),
            messages::pinned_at.eq(None::<i64>),
            messages::deleted_at.eq(at.as_millis()),
        ))
        .execute(db)?;
    Ok(())
}

fn react(db: &mut SqliteConnection, num: i64, emoji: &Emoji, by: UserId) -> Result<(), Broken> {
    diesel::insert_into(reactions::table)
        .values((
            reactions::message.eq(num),
            reactions::emoji.eq(emoji.as_str()),
            reactions::user.eq(Key(by)),
        ))
        .execute(db)?;
    Ok(())
}

/// Takes back a reaction. The emoji keeps its position as long as anybody else uses it: the next
/// reaction with it inherits the number that it is sorted by.
fn take_back(db: &mut SqliteConnection, num: i64, emoji: &Emoji, by: UserId) -> Result<(), Broken> {
    let given = reactions::table
        .filter(reactions::message.eq(num))
        .filter(reactions::emoji.eq(emoji.as_str()));
    let own: i64 = given
        .filter(reactions::user.eq(Key(by)))
        .select(reactions::num)
        .first(db)?;
    diesel::delete(reactions::table.find(own)).execute(db)?;
    let next: Option<i64> = given.select(min(reactions::num)).get_result(db)?;
    if let Some(next) = next.filter(|next| *next > own) {
        diesel::update(reactions::table.find(next))
            .set(reactions::num.eq(own))
            .execute(db)?;
    }
    Ok(())
}
