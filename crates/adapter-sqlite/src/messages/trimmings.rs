//! Uploads, mentions and reactions of messages.

use std::collections::HashMap;

use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use domain::placing::Present;
use domain::{Emoji, Media, Message, Reaction, UserId};

use crate::columns::{Key, keys};
use crate::failure::{Broken, Spot};
use crate::rows::{MediaRow, MessageRow};
use crate::schema::{media, mentions, reactions};

/// Whole messages as a reader sees them, in the order of their rows.
pub(crate) fn dress(
    db: &mut SqliteConnection,
    rows: Vec<MessageRow>,
    reader: UserId,
) -> Result<Vec<Message>, Broken> {
    let trimmings = Trimmings::load(db, &rows, &[reader])?;
    rows.into_iter()
        .map(|row| {
            let num = row.num;
            let present = trimmings.put_on(num, row.read()?);
            Ok(present.into_seen_by(reader))
        })
        .collect()
}

/// The uploads and reactions of some messages, for some readers.
#[derive(Default)]
pub(crate) struct Trimmings {
    uploads: HashMap<i64, Vec<Media>>,
    mentions: HashMap<i64, Vec<UserId>>,
    /// Ordered by the first use of each emoji.
    reactions: HashMap<i64, Vec<Reaction>>,
    /// The readers' own reactions.
    own: HashMap<i64, Vec<(UserId, Emoji)>>,
}

impl Trimmings {
    /// Reads what belongs to these messages, with one statement for each kind.
    pub(crate) fn load(
        db: &mut SqliteConnection,
        rows: &[MessageRow],
        readers: &[UserId],
    ) -> Result<Self, Broken> {
        // A tombstone has neither uploads nor reactions.
        let standing = rows.iter().filter(|row| !row.deleted());
        let nums: Vec<i64> = standing.map(|row| row.num).collect();
        if nums.is_empty() {
            return Ok(Self::default());
        }
        let reactions = reactions(db, &nums)?;
        let own = if reactions.is_empty() {
            HashMap::new()
        } else {
            own(db, &nums, readers)?
        };
        Ok(Self {
            uploads: uploads(db, &nums)?,
            mentions: mentions(db, &nums)?,
            reactions,
            own,
        })
    }

    /// The message with its uploads and reactions, to be shown to any of the readers.
    pub(super) fn put_on(&self, num: i64, mut message: Message) -> Present {
        if let Some(uploads) = self.uploads.get(&num) {
            message.attachments.clone_from(uploads);
        }
        if let Some(mentions) = self.mentions.get(&num) {
            message.mentions.clone_from(mentions);
        }
        if let Some(reactions) = self.reactions.get(&num) {
            message.reactions.clone_from(reactions);
        }
        let own = self.own.get(&num).cloned().unwrap_or_default();
        Present { message, own }
    }
}

fn uploads(db: &mut SqliteConnection, nums: &[i64]) -> Result<HashMap<i64, Vec<Media>>, Broken> {
    let rows: Vec<MediaRow> = media::table
        .filter(media::message.eq_any(nums))
        .order((media::message, media::place))
        .select(MediaRow::as_select())
        .load(db)?;
    let mut uploads: HashMap<i64, Vec<Media>> = HashMap::new();
    for row in rows {
        if let Some(num) = row.message {
            uploads.entry(num).or_default().push(row.read()?);
        }
    }
    Ok(uploads)
}

fn mentions(db: &mut SqliteConnection, nums: &[i64]) -> Result<HashMap<i64, Vec<UserId>>, Broken> {
    let rows: Vec<(i64, Key<UserId>)> = mentions::table
        .filter(mentions::message.eq_any(nums))
        .order((mentions::message, mentions::place))
        .select((mentions::message, mentions::user))
        .load(db)?;
    let mut mentions: HashMap<i64, Vec<UserId>> = HashMap::new();
    for (num, user) in rows {
        mentions.entry(num).or_default().push(user.0);
    }
    Ok(mentions)
}

fn reactions(
    db: &mut SqliteConnection,
    nums: &[i64],
) -> Result<HashMap<i64, Vec<Reaction>>, Broken> {
    let mut rows: Vec<(i64, String, i64, Option<i64>)> = reactions::table
        .filter(reactions::message.eq_any(nums))
        .group_by((reactions::message, reactions::emoji))
        .select((
            reactions::message,
            reactions::emoji,
            count_star(),
            min(reactions::num),
        ))
        .load(db)?;
    rows.sort_unstable_by_key(|(.., first)| *first);
    let mut reactions: HashMap<i64, Vec<Reaction>> = HashMap::new();
    for (num, emoji, count, _first) in rows {
        reactions.entry(num).or_default().push(Reaction {
            emoji: read_emoji(num, &emoji)?,
            count,
            mine: false,
        });
    }
    Ok(reactions)
}

fn own(
    db: &mut SqliteConnection,
    nums: &[i64],
    readers: &[UserId],
) -> Result<HashMap<i64, Vec<(UserId, Emoji)>>, Broken> {
    let rows: Vec<(i64, Key<UserId>, String)> = reactions::table
        .filter(reactions::message.eq_any(nums))
        .filter(reactions::user.eq_any(keys(readers)))
        .select((reactions::message, reactions::user, reactions::emoji))
        .load(db)?;
    let mut own: HashMap<i64, Vec<(UserId, Emoji)>> = HashMap::new();
    for (num, user, emoji) in rows {
        let emoji = read_emoji(num, &emoji)?;
        own.entry(num).or_default().push((user.0, emoji));
    }
    Ok(own)
}

fn read_emoji(message: i64, emoji: &str) -> Result<Emoji, Broken> {
    Spot::new("reactions", &message).parsed("emoji", Emoji::parse(emoji))
}
