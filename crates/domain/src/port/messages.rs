//! Messages: each room's log.

use async_trait::async_trait;
use uuid::Uuid;

use crate::{
    ClientId, Emoji, Event, Failure, MediaId, Message, MessageBody, MessageId, Rev, RoomId, Seq,
    Timestamp, UserId,
};

/// The SHA-256 of what a client first sent under a [`ClientId`]. It distinguishes a resend from a
/// different message under the same id, even after an edit or a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

/// The message that a new one replies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// The message itself.
    pub message: MessageId,
    /// The root of its thread.
    pub thread: MessageId,
}

/// A message to be posted.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id from now on.
    pub id: MessageId,
    /// The room that it is posted in.
    pub room: RoomId,
    /// Who posts it.
    pub sender: UserId,
    /// Its text.
    pub body: MessageBody,
    /// The id that the sender's client gave it, and the fingerprint of its content.
    pub client: Option<(ClientId, Fingerprint)>,
    /// What it replies to.
    pub reply_to: Option<ReplyTo>,
    /// Its attachments.
    pub attachments: Vec<MediaId>,
    /// The members that it mentions.
    pub mentions: Vec<UserId>,
    /// When it is posted.
    pub at: Timestamp,
    /// The events to store with it.
    pub events: Vec<Event>,
    /// Whether only webhooks need these events: if there are no webhooks, the events are not stored.
    pub only_for_webhooks: bool,
}

impl NewMessage {
    /// The message at its position in the log. The store fills in the attachments.
    pub fn message(&self, seq: Seq, rev: Rev) -> Message {
        Message {
            id: self.id,
            room: self.room,
            seq,
            rev,
            sender: self.sender,
            body: Some(self.body.clone()),
            client_id: self.client.map(|(client, _)| client),
            reply_to: self.reply_to.map(|to| to.message),
            thread: self.reply_to.map(|to| to.thread),
            reply_count: 0,
            attachments: Vec::new(),
            mentions: self.mentions.clone(),
            reactions: Vec::new(),
            created_at: self.at,
            edited_at: None,
            deleted_at: None,
            pinned: false,
        }
    }
}

/// The outcome of posting a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It was stored.
    Stored(Box<Stored>),
    /// The sender has already posted it under the same client id; this is its present state.
    Duplicate(Box<Message>),
    /// The sender has used the client id before, in another room or for another text.
    Conflict,
    /// There is no such room.
    NoRoom,
    /// An attachment is not the sender's, not in this room, rejected, or attached to a message already.
    Unattachable,
}

/// A stored message, and what else it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The message.
    pub message: Message,
    /// The root of its thread, which counts one more reply and has the next rev.
    pub thread: Option<Message>,
}

/// A change to a message.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// The message.
    pub message: MessageId,
    /// Its room.
    pub room: RoomId,
    /// Who changes it.
    pub by: UserId,
    /// When it is changed.
    pub at: Timestamp,
    /// How it changes.
    pub change: Change,
    /// The events to store with it, if the message does change.
    pub events: Vec<Event>,
}

/// How a message changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its text and mentions are replaced.
    Edit {
        /// The new text.
        body: MessageBody,
        /// The members that it mentions now.
        mentions: Vec<UserId>,
    },
    /// It is reduced to a tombstone.
    Delete,
    /// The user who changes it adds or removes a reaction.
    React {
        /// The emoji.
        emoji: Emoji,
        /// Whether they add it.
        on: bool,
    },
    /// It is pinned or unpinned.
    Pin {
        /// Whether it is pinned.
        on: bool,
    },
}

/// The outcome of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amended {
    /// It changed and has a new rev. In its reactions, `mine` refers to the user who changed it.
    Changed(Message),
    /// It was like that already; no rev was used.
    Unchanged(Message),
    /// It is a tombstone, which accepts no change except being deleted again.
    Deleted,
    /// It would have more than [`Message::MAX_REACTIONS`] distinct emoji.
    TooManyReactions,
    /// There is no such message in that room.
    Unknown,
}

/// A room as one member sees it.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The room.
    pub room: RoomId,
    /// The member, whose reactions are `mine`.
    pub reader: UserId,
    /// The member may read only messages after this one.
    pub floor: Seq,
}

impl View {
    /// The whole room, regardless of any reader: nothing is withheld, and no reaction is `mine`, since no
    /// user has the nil id.
    pub const fn whole(room: RoomId) -> Self {
        Self {
            room,
            reader: UserId::from_uuid(Uuid::nil()),
            floor: Seq::ZERO,
        }
    }
}

/// A range of a room's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The last messages.
    Newest,
    /// The last messages before a position.
    Before(Seq),
    /// The first messages after a position.
    After(Seq),
    /// The messages around a position, half of them up to and including it, half after it; if one side has
    /// fewer, the other does not make up for it.
    Around(Seq),
}

/// A message found by its client id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message in its present state.
    pub message: Message,
    /// The fingerprint of its original content.
    pub fingerprint: Fingerprint,
}

/// Stores messages.
///
/// # Obligations
/// - `seqs_and_revs_are_gapless`: each stored message gets the room's next seq and next rev.
/// - `a_word_may_be_as_long_as_a_text`: both when posting and when editing, in any script.
/// - `a_batch_is_answered_in_order`: one answer per message, as if they had come one after another; a
///   batch may mix messages of several rooms.
/// - `concurrent_appends_leave_no_hole`: after many concurrent batches, each seq and rev is used once.
/// - `a_dropped_append_is_whole_or_nothing`: wherever the caller drops the call, either the whole batch
///   is stored with everything that belongs to it, or nothing.
/// - `a_repeat_stores_nothing`: the same client id again, whether later, concurrently or in one batch, is
///   a `Duplicate` of the one stored message, and uses no seq or rev.
/// - `a_repeat_shows_the_present_state`: after an edit or deletion, the edited message or tombstone.
/// - `a_client_id_is_for_one_message`: with another text or in another room it is a `Conflict`; other
///   senders may use the same id freely.
/// - `posting_moves_the_senders_cursors`: both read and delivered, to the new message.
/// - `a_reply_counts_in_its_thread`: the thread's root gets the rev after the reply's.
/// - `an_attachment_hangs_once`: of two concurrent messages with one upload, one is `Unattachable`; so is
///   a message that names the same upload twice.
/// - `only_ones_own_uploads_of_the_room_hang`: and none that was rejected.
/// - `an_unknown_room_takes_nothing`: the answer is `NoRoom`, and the rest of the batch is stored.
/// - `events_are_stored_with_the_message`: and not if the message is not stored.
/// - `events_for_webhooks_are_stored_where_there_are_some`: as soon as any webhook exists, even a disabled
///   one.
/// - `an_edit_changes_text_mentions_and_rev`: and nothing else; the same text is `Unchanged`.
/// - `a_tombstone_keeps_its_place_only`: no text, mentions, reactions, attachments or pin; seq, rev,
///   sender, client id, thread and reply count stay.
/// - `a_tombstone_takes_no_change`: and deleting it again is `Unchanged`.
/// - `a_reaction_counts_once_a_person`: adding it twice is `Unchanged`, and removing it undoes it.
/// - `reactions_are_bounded`: to twenty distinct emoji, also with concurrent calls.
/// - `reactions_are_the_readers_own`: `mine` depends on the reader.
/// - `concurrent_changes_spend_one_rev_each`: no rev is skipped or used twice.
/// - `pages_rise_and_stop_at_the_floor`: every window, by ascending seq, nothing at or before the floor.
/// - `find_keeps_the_order_asked_for`: unknown ids and those of deleted rooms are left out.
/// - `replies_rise_page_by_page`, `pins_fall_page_by_page`: each once, above the floor.
/// - `the_latest_is_the_last_above_the_floor`: per room; rooms without one are left out.
/// - `what_mentions_the_reader_is_found`: the last ones up to a position and above the floor, at most the
///   limit, by ascending seq; not those that were deleted or edited to mention others.
/// - `sent_finds_what_a_client_sent`: with the fingerprint of its original text.
#[async_trait]
pub trait Messages: Send + Sync + 'static {
    /// Assigns each message its position in its room and stores it, all in one transaction.
    async fn append(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure>;

    /// Changes a message.
    async fn amend(&self, amendment: &Amendment) -> Result<Amended, Failure>;

    /// The messages with these ids in any room, tombstones included.
    async fn find(&self, ids: &[MessageId], reader: UserId) -> Result<Vec<Message>, Failure>;

    /// The message that a sender posted under a client id.
    async fn sent(&self, sender: UserId, client_id: ClientId) -> Result<Option<Sent>, Failure>;

    /// A range of a room's log, by ascending seq.
    async fn page(
        &self,
        view: &View,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>, Failure>;

    /// A thread's messages without its root, by ascending seq, after a position.
    async fn replies(
        &self,
        view: &View,
        root: MessageId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure>;

    /// A room's pinned messages, by descending seq, before a position.
    async fn pins(
        &self,
        view: &View,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<Message>, Failure>;

    /// The last messages up to and including a position that mention the view's reader, by ascending seq.
    async fn mentioning(
        &self,
        view: &View,
        up_to: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure>;

    /// The last message of each view's room.
    async fn latest(&self, views: &[View]) -> Result<Vec<Message>, Failure>;
}
