//! Messages.

use crate::{ClientId, Emoji, Media, MessageBody, MessageId, Rev, RoomId, Seq, Timestamp, UserId};

/// A message in its present state. A deleted one is a tombstone that keeps its sequence number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Identifies the message.
    pub id: MessageId,
    /// Where it was posted.
    pub room: RoomId,
    /// Its sequence number there.
    pub seq: Seq,
    /// The rev of the last change to it.
    pub rev: Rev,
    /// Who posted it.
    pub sender: UserId,
    /// Its text; `None` once deleted.
    pub body: Option<MessageBody>,
    /// The id that the sender's client gave it.
    pub client_id: Option<ClientId>,
    /// The message that it replies to.
    pub reply_to: Option<MessageId>,
    /// The root of the thread that it belongs to. A reply to a reply belongs to the same thread as the
    /// first one.
    pub thread: Option<MessageId>,
    /// How many replies its own thread has, tombstones included, just as the thread's list shows them.
    pub reply_count: i64,
    /// Its attachments; none once deleted.
    pub attachments: Vec<Media>,
    /// The members that it mentions; none once deleted.
    pub mentions: Vec<UserId>,
    /// Its reactions, the emoji used first coming first; none once deleted.
    pub reactions: Vec<Reaction>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When its text last changed.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Whether it is pinned.
    pub pinned: bool,
}

/// All reactions to a message with the same emoji.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: Emoji,
    /// How many users reacted with it.
    pub count: i64,
    /// Whether the reader is one of them.
    pub mine: bool,
}

impl Message {
    /// The most distinct emoji that one message can have.
    pub const MAX_REACTIONS: usize = 20;
    /// The most members that one message can mention.
    pub const MAX_MENTIONS: usize = 50;
    /// The most attachments that one message can have.
    pub const MAX_ATTACHMENTS: usize = 10;

    /// The root of this message's thread: the message itself, unless it is a reply.
    pub fn thread_root(&self) -> MessageId {
        self.thread.unwrap_or(self.id)
    }
}
