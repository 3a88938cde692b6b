//! Messages with their uploads and reactions.

use diesel::dsl::AsSelect;
use diesel::pg::Pg;
use domain::placing::Present;
use domain::{Emoji, Media, Message, MessageId, Reaction, UserId};

use super::parts::{ReactionRecord, Reactions, Uploads};
use crate::columns::keys;
use crate::failure::{Broken, Spot};
use crate::prelude::*;
use crate::rows::{MediaRow, MessageRow};

/// The columns that make up a whole message.
pub(crate) type Whole = (AsSelect<MessageRow, Pg>, Uploads, Reactions);

/// Selects messages with their uploads and reactions, for these readers.
pub(crate) fn whole(readers: &[UserId]) -> Whole {
    let readers = keys(readers);
    (MessageRow::as_select(), Uploads, Reactions { readers })
}

/// A message with its uploads and reactions.
#[derive(Queryable)]
pub(crate) struct WholeRow {
    pub(super) message: MessageRow,
    uploads: Vec<MediaRow>,
    reactions: Vec<ReactionRecord>,
}

impl WholeRow {
    /// The message, to be shown to any of the readers.
    pub(super) fn read(self) -> Result<Present, Broken> {
        let mut message = self.message.read()?;
        let uploads = self.uploads.into_iter().map(MediaRow::read);
        message.attachments = uploads.collect::<Result<Vec<Media>, Broken>>()?;
        let mut own = Vec::new();
        for (emoji, count, readers) in self.reactions {
            let emoji = read_emoji(message.id, &emoji)?;
            own.extend(readers.into_iter().map(|key| (key.0, emoji.clone())));
            let mine = false;
            message.reactions.push(Reaction { emoji, count, mine });
        }
        Ok(Present { message, own })
    }
}

/// Messages as their only reader sees them.
pub(crate) fn seen_by(reader: UserId, rows: Vec<WholeRow>) -> Result<Vec<Message>, Broken> {
    rows.into_iter()
        .map(|row| Ok(row.read()?.into_seen_by(reader)))
        .collect()
}

fn read_emoji(message: MessageId, emoji: &str) -> Result<Emoji, Broken> {
    Spot::new("reactions", &message).parsed("emoji", Emoji::parse(emoji))
}
