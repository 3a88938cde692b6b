//! Changing messages.

use diesel::dsl::min;
use diesel::pg::Pg;
use diesel::query_builder::{QueryFragment, QueryId};
use domain::port::messages::{Amended, Amendment, Change};
use domain::{Emoji, Message, MessageBody, Rev, RoomId, Timestamp, UserId, amending};
use futures::try_join;

use super::append::NewMentions;
use super::whole::{WholeRow, whole};
use crate::columns::{Key, Moment, keys};
use crate::failure::{Broken, Spot};
use crate::prelude::*;
use crate::schema::{media, mentions, messages, reactions, rooms};
use crate::words::words_of;
use crate::{columnar, events};

pub(super) async fn amend(
    db: &AsyncPgConnection,
    amendment: &Amendment,
) -> Result<Amended, Broken> {
    // The server runs these in order, so the read sees what the previous holder of the lock committed.
    let (last, row) = try_join!(lock(db, amendment.room), load(db, amendment))?;
    let Some((last, row)) = last.zip(row) else {
        return Ok(Amended::Unknown);
    };
    let before = row.read()?.into_seen_by(amendment.by);
    let amended = amending::amend(before, amendment, last.next());
    if let Amended::Changed(message) = &amended {
        write(db, amendment, message).await?;
    }
    Ok(amended)
}

/// Locks a room and returns its last rev.
async fn lock(mut db: &AsyncPgConnection, room: RoomId) -> Result<Option<Rev>, Broken> {
    let rev: Option<i64> = rooms::table
        .find(Key(room))
        .filter(rooms::deleted_at.is_null())
        .select(rooms::last_rev)
        .for_no_key_update()
        .first(&mut db)
        .await
        .optional()?;
    let spot = Spot::new("rooms", &room);
    rev.map(|rev| spot.known("last_rev", Rev::new(rev)))
        .transpose()
}

async fn load(
    mut db: &AsyncPgConnection,
    amendment: &Amendment,
) -> Result<Option<WholeRow>, Broken> {
    Ok(messages::table
        .filter(messages::id.eq(Key(amendment.message)))
        .filter(messages::room_id.eq(Key(amendment.room)))
        .select(whole(&[amendment.by]))
        .first(&mut db)
        .await
        .optional()?)
}

/// Writes the effect of a change on a message.
async fn write(
    db: &AsyncPgConnection,
    amendment: &Amendment,
    message: &Message,
) -> Result<(), Broken> {
    let (at, by) = (amendment.at, amendment.by);
    let changing = async {
        match &amendment.change {
            Change::Edit { body, .. } => edit(db, message, body, at).await,
            Change::Delete => bury(db, message, at).await,
            Change::React { emoji, on: true } => react(db, message, emoji, by).await,
            Change::React { emoji, on: false } => take_back(db, message, emoji, by).await,
            Change::Pin { on } => pin(db, message, on.then_some(at)).await,
        }
    };
    try_join!(
        changing,
        spend_rev(db, message),
        events::store(db, &amendment.events)
    )?;
    Ok(())
}

/// Records the message's rev as the room's last one.
async fn spend_rev(db: &AsyncPgConnection, message: &Message) -> Result<(), Broken> {
    let room = rooms::table.find(Key(message.room));
    let rev = rooms::last_rev.eq(message.rev.get());
    run(db, diesel::update(room).set(rev)).await
}

/// Writes a message's new rev. The rev is indexed, so this costs as much as inserting a row.
async fn revise(db: &AsyncPgConnection, message: &Message) -> Result<(), Broken> {
    let rev = messages::rev.eq(message.rev.get());
    run(db, diesel::update(row_of(message)).set(rev)).await
}

async fn pin(
    db: &AsyncPgConnection,
    message: &Message,
    at: Option<Timestamp>,
) -> Result<(), Broken> {
    let pinning = diesel::update(row_of(message)).set((
        messages::rev.eq(message.rev.get()),
        messages::pinned_at.eq(at.map(Moment)),
    ));
    run(db, pinning).await
}

/// Replaces the message's text and mentions.
async fn edit(
    db: &AsyncPgConnection,
    message: &Message,
    body: &MessageBody,
    at: Timestamp,
) -> Result<(), Broken> {
    let rewriting = diesel::update(row_of(message)).set((
        messages::rev.eq(message.rev.get()),
        messages::body.eq(body.as_str()),
        messages::mentions.eq(keys(&message.mentions)),
        messages::words.eq(words_of(message.room, body)),
        messages::edited_at.eq(Moment(at)),
    ));
    try_join!(
        run(db, rewriting),
        forget_mentions(db, message),
        columnar::write(db, NewMentions::in_message(message)),
    )?;
    Ok(())
}

async fn forget_mentions(db: &AsyncPgConnection, message: &Message) -> Result<(), Broken> {
    let mentioned = mentions::table
        .filter(mentions::room_id.eq(Key(message.room)))
        .filter(mentions::seq.eq(message.seq.get()));
    run(db, diesel::delete(mentioned)).await
}

/// Leaves a tombstone. Uploads that were attached to it stay marked as used.
async fn bury(db: &AsyncPgConnection, message: &Message, at: Timestamp) -> Result<(), Broken> {
    let (room, seq) = (Key(message.room), message.seq.get());
    let burying = diesel::update(row_of(message)).set((
        messages::rev.eq(message.rev.get()),
        messages::body.eq(None::<&str>),
        messages::mentions.eq(Vec::<Key<UserId>>::new()),
        messages::words.eq(Vec::<&str>::new()),
        messages::pinned_at.eq(None::<Moment>),
        messages::deleted_at.eq(Moment(at)),
    ));
    let given = reactions::table
        .filter(reactions::room_id.eq(room))
        .filter(reactions::seq.eq(seq));
    let hanging = media::table
        .filter(media::room_id.eq(room))
        .filter(media::seq.eq(seq));
    try_join!(
        run(db, burying),
        forget_mentions(db, message),
        run(db, diesel::delete(given)),
        run(db, diesel::update(hanging).set(media::seq.eq(None::<i64>))),
    )?;
    Ok(())
}

async fn react(
    db: &AsyncPgConnection,
    message: &Message,
    emoji: &Emoji,
    by: UserId,
) -> Result<(), Broken> {
    let reaction = (
        reactions::room_id.eq(Key(message.room)),
        reactions::seq.eq(message.seq.get()),
        reactions::emoji.eq(emoji.as_str()),
        reactions::user_id.eq(Key(by)),
    );
    let reacting = diesel::insert_into(reactions::table).values(reaction);
    try_join!(run(db, reacting), revise(db, message))?;
    Ok(())
}

/// Takes back a reaction. The emoji keeps its position as long as anybody else uses it: the next
/// reaction with it inherits the number that it is sorted by.
async fn take_back(
    mut db: &AsyncPgConnection,
    message: &Message,
    emoji: &Emoji,
    by: UserId,
) -> Result<(), Broken> {
    revise(db, message).await?;
    let given = reactions::table
        .filter(reactions::room_id.eq(Key(message.room)))
        .filter(reactions::seq.eq(message.seq.get()))
        .filter(reactions::emoji.eq(emoji.as_str()));
    let own: i64 = diesel::delete(given.filter(reactions::user_id.eq(Key(by))))
        .returning(reactions::num)
        .get_result(&mut db)
        .await?;
    let next: Option<i64> = given
        .select(min(reactions::num))
        .get_result(&mut db)
        .await?;
    if let Some(next) = next.filter(|next| *next > own) {
        diesel::update(given.filter(reactions::num.eq(next)))
            .set(reactions::num.eq(own))
            .execute(&mut db)
            .await?;
    }
    Ok(())
}

#[diesel::dsl::auto_type]
fn row_of(message: &Message) -> _ {
    let key: (Key<RoomId>, i64) = (Key(message.room), message.seq.get());
    messages::table.find(key)
}

/// Runs a statement and ignores the number of rows.
async fn run<S>(mut db: &AsyncPgConnection, statement: S) -> Result<(), Broken>
where
    S: QueryFragment<Pg> + QueryId + Send,
{
    statement.execute(&mut db).await?;
    Ok(())
}
