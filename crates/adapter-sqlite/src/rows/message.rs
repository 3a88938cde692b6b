//! Messages as rows.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::port::messages::Fingerprint;
use domain::{ClientId, Message, MessageBody, MessageId, Rev, RoomId, Seq, Timestamp, UserId};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::messages;

/// A message without its uploads and reactions.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = messages, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct MessageRow {
    pub(crate) num: i64,
    pub(crate) id: Key<MessageId>,
    pub(crate) room: Key<RoomId>,
    pub(crate) seq: i64,
    pub(crate) rev: i64,
    pub(crate) sender: Key<UserId>,
    pub(crate) body: Option<String>,
    pub(crate) client_id: Option<Key<ClientId>>,
    pub(crate) fingerprint: Option<Vec<u8>>,
    pub(crate) reply_to: Option<Key<MessageId>>,
    pub(crate) thread: Option<Key<MessageId>>,
    pub(crate) reply_count: i64,
    pub(crate) created_at: i64,
    pub(crate) edited_at: Option<i64>,
    pub(crate) deleted_at: Option<i64>,
    pub(crate) pinned_at: Option<i64>,
}

impl MessageRow {
    /// The message, without its uploads and reactions.
    pub(crate) fn read(self) -> Result<Message, Broken> {
        let id = self.id.0;
        let spot = Spot::new("messages", &id);
        Ok(Message {
            id,
            room: self.room.0,
            seq: spot.known("seq", Seq::new(self.seq))?,
            rev: spot.known("rev", Rev::new(self.rev))?,
            sender: self.sender.0,
            body: spot.parsed("body", self.body.map(MessageBody::parse).transpose())?,
            client_id: self.client_id.map(|key| key.0),
            reply_to: self.reply_to.map(|key| key.0),
            thread: self.thread.map(|key| key.0),
            reply_count: self.reply_count,
            attachments: Vec::new(),
            mentions: Vec::new(),
            reactions: Vec::new(),
            created_at: Timestamp::from_millis(self.created_at),
            edited_at: self.edited_at.map(Timestamp::from_millis),
            deleted_at: self.deleted_at.map(Timestamp::from_millis),
            pinned: self.pinned_at.is_some(),
        })
    }

    /// A message that was just posted, with its client id.
    pub(crate) fn of(num: i64, message: &Message, fingerprint: Option<Fingerprint>) -> Self {
        Self {
            num,
            id: Key(message.id),
            room: Key(message.room),
            seq: message.seq.get(),
            rev: message.rev.get(),
            sender: Key(message.sender),
            body: message.body.as_ref().map(|body| body.as_str().to_owned()),
            client_id: message.client_id.map(Key),
            fingerprint: fingerprint.map(|digest| digest.0.to_vec()),
            reply_to: message.reply_to.map(Key),
            thread: message.thread.map(Key),
            reply_count: message.reply_count,
            created_at: message.created_at.as_millis(),
            edited_at: None,
            deleted_at: None,
            pinned_at: None,
        }
    }

    pub(crate) fn deleted(&self) -> bool {
        self.deleted_at.is_some()
    }
}

/// A fingerprint from a 32-byte column.
pub(crate) fn fingerprint_of(id: MessageId, bytes: &[u8]) -> Result<Fingerprint, Broken> {
    let digest = <[u8; 32]>::try_from(bytes);
    Spot::new("messages", &id)
        .parsed("fingerprint", digest)
        .map(Fingerprint)
}
