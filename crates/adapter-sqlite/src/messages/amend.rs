//! Changing messages.

use diesel::dsl::{count, exists, min};
use diesel::prelude::*;
use domain::port::messages::{Amended, Amendment, Change};
use domain::{Emoji, Message, MessageBody, Timestamp, UserId};

use super::append::mention;
use super::{dress, touch};
use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::rows::MessageRow;
use crate::schema::{media, mentions, messages, reactions, rooms};
use crate::{events, text_index};

/// What a change does to a message.
enum Effect {
    Changed,
    Unchanged,
    Deleted,
    TooManyReactions,
}

pub(super) fn amend(db: &mut SqliteConnection, amendment: &Amendment) -> Result<Amended, Broken> {
    let Some(row) = standing(db, amendment)? else {
        return Ok(Amended::Unknown);
    };
    let num = row.num;
    let effect = change(db, row, amendment)?;
    if matches!(effect, Effect::Changed) {
        touch(db, amendment.room, num)?;
        events::store(db, &amendment.events)?;
    }
    Ok(match effect {
        Effect::Changed => Amended::Changed(shown(db, num, amendment.by)?),
        Effect::Unchanged => Amended::Unchanged(shown(db, num, amendment.by)?),
        Effect::Deleted => Amended::Deleted,
        Effect::TooManyReactions => Amended::TooManyReactions,
    })
}

fn standing(
    db: &mut SqliteConnection,
    amendment: &Amendment,
) -> Result<Option<MessageRow>, Broken> {
    let row = messages::table
        .inner_join(rooms::table)
        .filter(messages::id.eq(Key(amendment.message)))
        .filter(messages::room.eq(Key(amendment.room)))
        .filter(rooms::deleted_at.is_null())
        .select(MessageRow::as_select())
        .first(db)
        .optional()?;
    Ok(row)
}

fn change(
    db: &mut SqliteConnection,
    row: MessageRow,
    amendment: &Amendment,
) -> Result<Effect, Broken> {
    if row.deleted() {
        return Ok(match amendment.change {
            Change::Delete => Effect::Unchanged,
            Change::Edit { .. } | Change::React { .. } | Change::Pin { .. } => Effect::Deleted,
        });
    }
    let (num, at, by) = (row.num, amendment.at, amendment.by);
    match &amendment.change {
        Change::Edit { body, .. } if row.body.as_deref() == Some(body.as_str()) => {
            Ok(Effect::Unchanged)
        }
        Change::Edit { body, mentions } => {
            rewrite(db, num, body, at)?;
            text_index::remove(db, num)?;
            text_index::add(db, num, row.room.0, body)?;
            diesel::delete(mentions::table.filter(mentions::message.eq(num))).execute(db)?;
            let message = row.read()?;
            mention(db, num, &message, mentions)?;
            Ok(Effect::Changed)
        }
        Change::Delete => {
            bury(db, num, at)?;
            Ok(Effect::Changed)
        }
        Change::React { emoji, on: true } => react(db, num, emoji, by),
        Change::React { emoji, on: false } => take_back(db, num, emoji, by),
        Change::Pin { on } if row.pinned_at.is_some() == *on => Ok(Effect::Unchanged),
        Change::Pin { on } => {
            diesel::update(messages::table.find(num))
                .set(messages::pinned_at.eq(on.then_some(at.as_millis())))
                .execute(db)?;
            Ok(Effect::Changed)
        }
    }
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

fn react(db: &mut SqliteConnection, num: i64, emoji: &Emoji, by: UserId) -> Result<Effect, Broken> {
    let given = reactions::table
        .filter(reactions::message.eq(num))
        .filter(reactions::emoji.eq(emoji.as_str()));
    let own = given.filter(reactions::user.eq(Key(by)));
    if diesel::select(exists(own)).get_result(db)? {
        return Ok(Effect::Unchanged);
    }
    let known: bool = diesel::select(exists(given)).get_result(db)?;
    if !known && kinds(db, num)? >= Message::MAX_REACTIONS {
        return Ok(Effect::TooManyReactions);
    }
    diesel::insert_into(reactions::table)
        .values((
            reactions::message.eq(num),
            reactions::emoji.eq(emoji.as_str()),
            reactions::user.eq(Key(by)),
        ))
        .execute(db)?;
    Ok(Effect::Changed)
}

/// How many different emoji a message has.
fn kinds(db: &mut SqliteConnection, num: i64) -> Result<usize, Broken> {
    let kinds: i64 = reactions::table
        .filter(reactions::message.eq(num))
        .select(count(reactions::emoji).aggregate_distinct())
        .get_result(db)?;
    Ok(usize::try_from(kinds).unwrap_or(usize::MAX))
}

/// Takes back a reaction. The emoji keeps its position as long as anybody else uses it: the next
/// reaction with it inherits the number that it is sorted by.
fn take_back(
    db: &mut SqliteConnection,
    num: i64,
    emoji: &Emoji,
    by: UserId,
) -> Result<Effect, Broken> {
    let given = reactions::table
        .filter(reactions::message.eq(num))
        .filter(reactions::emoji.eq(emoji.as_str()));
    let own: Option<i64> = given
        .filter(reactions::user.eq(Key(by)))
        .select(reactions::num)
        .first(db)
        .optional()?;
    let Some(own) = own else {
        return Ok(Effect::Unchanged);
    };
    diesel::delete(reactions::table.find(own)).execute(db)?;
    let next: Option<i64> = given.select(min(reactions::num)).get_result(db)?;
    if let Some(next) = next.filter(|next| *next > own) {
        diesel::update(reactions::table.find(next))
            .set(reactions::num.eq(own))
            .execute(db)?;
    }
    Ok(Effect::Changed)
}

fn shown(db: &mut SqliteConnection, num: i64, reader: UserId) -> Result<Message, Broken> {
    let row: MessageRow = messages::table
        .find(num)
        .select(MessageRow::as_select())
        .first(db)?;
    let message = dress(db, vec![row], reader)?.into_iter().next();
    Spot::new("messages", &num).known("num", message)
}
