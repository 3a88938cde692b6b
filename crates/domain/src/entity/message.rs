//! Messages.

use crate::{ClientId, Emoji, Media, MessageBody, MessageId, Rev, RoomId, Seq, Timestamp, UserId};

/// A message in its present state. Deleted, it is a tombstone that keeps its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Names the message.
    pub id: MessageId,
    /// Where it was posted.
    pub room: RoomId,
    /// Its place there.
    pub seq: Seq,
    /// The rev of the last change to it.
    pub rev: Rev,
    /// Who posted it.
    pub sender: UserId,
    /// What it says; `None` once deleted.
    pub body: Option<MessageBody>,
    /// The name that the sender's client gave to it.
    pub client_id: Option<ClientId>,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// The message that began the thread it belongs to. A reply to a reply belongs to the first
    /// one's thread.
    pub thread: Option<MessageId>,
    /// How many messages its own thread has, tombstones included, as its list shows them.
    pub reply_count: i64,
    /// What hangs on it; nothing once deleted.
    pub attachments: Vec<Media>,
    /// The members whom it mentions; none once deleted.
    pub mentions: Vec<UserId>,
    /// How people reacted, the first emoji used first; nothing once deleted.
    pub reactions: Vec<Reaction>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When its text last changed.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Whether it is kept at hand for everybody.
    pub pinned: bool,
}

/// One emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// Which.
    pub emoji: Emoji,
    /// How many people gave it.
    pub count: i64,
    /// Whether the reader is one of them.
    pub mine: bool,
}

impl Message {
    /// Different emoji that one message can have.
    pub const MAX_REACTIONS: usize = 20;
    /// People whom one message can mention.
    pub const MAX_MENTIONS: usize = 50;
    /// Files that can hang on one message.
    pub const MAX_ATTACHMENTS: usize = 10;

    /// The message with which this one's thread begins: itself, unless it is a reply.
    pub fn thread_root(&self) -> MessageId {
        self.thread.unwrap_or(self.id)
    }
}
