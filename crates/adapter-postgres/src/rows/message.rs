//! Messages as rows.

use diesel::pg::Pg;
use diesel::prelude::*;
use domain::port::messages::Fingerprint;
use domain::{ClientId, Message, MessageBody, MessageId, Rev, RoomId, Seq, UserId};

use crate::columns::{Key, Moment};
use crate::failure::{Broken, Spot};
use crate::schema::messages;

/// A message without its uploads and reactions.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(Pg))]
pub(crate) struct MessageRow {
    pub(crate) id: Key<MessageId>,
    pub(crate) room_id: Key<RoomId>,
    pub(crate) seq: i64,
    pub(crate) rev: i64,
    pub(crate) sender_id: Key<UserId>,
    pub(crate) body: Option<String>,
    pub(crate) client_id: Option<Key<ClientId>>,
    pub(crate) reply_to: Option<Key<MessageId>>,
    pub(crate) thread: Option<Key<MessageId>>,
    pub(crate) reply_count: i64,
    pub(crate) mentions: Vec<Key<UserId>>,
    pub(crate) created_at: Moment,
    pub(crate) edited_at: Option<Moment>,
    pub(crate) deleted_at: Option<Moment>,
    pub(crate) pinned_at: Option<Moment>,
}

impl MessageRow {
    /// The message, without its uploads and reactions.
    pub(crate) fn read(self) -> Result<Message, Broken> {
        let id = self.id.0;
        let spot = Spot::new("messages", &id);
        Ok(Message {
            id,
            room: self.room_id.0,
            seq: spot.known("seq", Seq::new(self.seq))?,
            rev: spot.known("rev", Rev::new(self.rev))?,
            sender: self.sender_id.0,
            body: spot.parsed("body", self.body.map(MessageBody::parse).transpose())?,
            client_id: self.client_id.map(|key| key.0),
            reply_to: self.reply_to.map(|key| key.0),
            thread: self.thread.map(|key| key.0),
            reply_count: self.reply_count,
            attachments: Vec::new(),
            mentions: self.mentions.into_iter().map(|key| key.0).collect(),
            reactions: Vec::new(),
            created_at: self.created_at.0,
            edited_at: self.edited_at.map(|moment| moment.0),
            deleted_at: self.deleted_at.map(|moment| moment.0),
            pinned: self.pinned_at.is_some(),
        })
    }
}

/// A fingerprint from a 32-byte column.
pub(crate) fn fingerprint_of(id: MessageId, bytes: &[u8]) -> Result<Fingerprint, Broken> {
    let digest = <[u8; 32]>::try_from(bytes);
    Spot::new("client_ids", &id)
        .parsed("fingerprint", digest)
        .map(Fingerprint)
}
