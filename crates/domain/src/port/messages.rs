//! Messages: each room's log.

use async_trait::async_trait;
use uuid::Uuid;

use crate::{
    ClientId, Emoji, Event, Failure, MediaId, Message, MessageBody, MessageId, Rev, RoomId, Seq,
    Timestamp, UserId,
};

/// The SHA-256 of what a client first sent under a [`ClientId`]. It tells a repeat from another
/// message under the same name, even after an edit or a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

/// The message that a new one answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// The message itself.
    pub message: MessageId,
    /// The one that began its thread.
    pub thread: MessageId,
}

/// A message that someone posts.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Names the message from now on.
    pub id: MessageId,
    /// Where it is posted.
    pub room: RoomId,
    /// By whom.
    pub sender: UserId,
    /// What it says.
    pub body: MessageBody,
    /// The name that the sender's client gave to it, and what it then said.
    pub client: Option<(ClientId, Fingerprint)>,
    /// What it answers.
    pub reply_to: Option<ReplyTo>,
    /// What hangs on it.
    pub attachments: Vec<MediaId>,
    /// The members whom it mentions.
    pub mentions: Vec<UserId>,
    /// When.
    pub at: Timestamp,
    /// What must have consequences.
    pub events: Vec<Event>,
    /// Whether only webhooks have a use for these events: where there are none, none is stored.
    pub only_for_webhooks: bool,
}

impl NewMessage {
    /// The message in its place. What hangs on it is the store's to put there.
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

/// What became of a posted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It has its place now.
    Stored(Box<Stored>),
    /// The sender posted it before, under the same client id: this is it, as it is now.
    Duplicate(Box<Message>),
    /// The sender used the client id before, in another room or for another text.
    Conflict,
    /// There is no such room.
    NoRoom,
    /// An attachment is not the sender's, not of this room, rejected, or hangs on a message already.
    Unattachable,
}

/// A message that has its place, and what else its arrival changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The message.
    pub message: Message,
    /// The beginning of its thread, which counts one more reply and carries the next rev.
    pub thread: Option<Message>,
}

/// A change to a message.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// Which message.
    pub message: MessageId,
    /// In which room.
    pub room: RoomId,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// How it changes.
    pub change: Change,
    /// What must have consequences, if it does change.
    pub events: Vec<Event>,
}

/// How a message changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It says something else and mentions these members.
    Edit {
        /// What it says.
        body: MessageBody,
        /// Whom it mentions.
        mentions: Vec<UserId>,
    },
    /// Only a tombstone stays.
    Delete,
    /// The one who changes it reacts so, or no longer.
    React {
        /// With what.
        emoji: Emoji,
        /// Whether they do.
        on: bool,
    },
    /// It is kept at hand for everybody, or no longer.
    Pin {
        /// Whether it is.
        on: bool,
    },
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amended {
    /// It changed and carries a new rev. `mine` of its reactions is the changer's.
    Changed(Message),
    /// It was like that already; no rev was spent.
    Unchanged(Message),
    /// It is a tombstone, and nothing but deleting it again can be done to it.
    Deleted,
    /// It would have more than [`Message::MAX_REACTIONS`] different emoji.
    TooManyReactions,
    /// There is no such message in that room.
    Unknown,
}

/// A room as one member sees it.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Which room.
    pub room: RoomId,
    /// Whose reactions are `mine`.
    pub reader: UserId,
    /// Nothing at or before this place is theirs to read.
    pub floor: Seq,
}

impl View {
    /// All of a room, whoever may read what of it: nothing is withheld, and no reaction is anybody's
    /// own, since nobody has the id of no one.
    pub const fn whole(room: RoomId) -> Self {
        Self {
            room,
            reader: UserId::from_uuid(Uuid::nil()),
            floor: Seq::ZERO,
        }
    }
}

/// A stretch of a room's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The last ones.
    Newest,
    /// The last ones before a place.
    Before(Seq),
    /// The first ones after a place.
    After(Seq),
    /// Those around a place, half of them up to and with it, half after it; where one side has fewer,
    /// the other is not filled up.
    Around(Seq),
}

/// A message found by its client id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message as it is now.
    pub message: Message,
    /// What it first said.
    pub fingerprint: Fingerprint,
}

/// Keeps messages.
///
/// # Obligations
/// - `seqs_and_revs_are_gapless`: each stored message gets the room's next seq and next rev.
/// - `a_word_may_be_as_long_as_a_text`: posted or edited in, and of any letters.
/// - `a_batch_is_answered_in_order`: one answer each, as if they had come one after another; messages
///   of several rooms may be mixed.
/// - `concurrent_appends_leave_no_hole`: many batches at once end with each seq and rev used once.
/// - `a_dropped_append_is_whole_or_nothing`: wherever a caller goes away, all of the batch is stored
///   with all that belongs to it, or nothing.
/// - `a_repeat_stores_nothing`: the same client id again, later, at once or in one batch, is a
///   `Duplicate` of one stored message, and no seq or rev is spent on it.
/// - `a_repeat_shows_the_present_state`: after an edit or deletion, the edited message or tombstone.
/// - `a_client_id_is_for_one_message`: with another text or in another room it is a `Conflict`; other
///   senders may use it freely.
/// - `posting_moves_the_senders_cursors`: read and delivered, to the new message.
/// - `a_reply_counts_in_its_thread`: the thread's beginning carries the rev after the reply's.
/// - `an_attachment_hangs_once`: of two messages at once with one upload, one is `Unattachable`; and so
///   is a message that names one twice.
/// - `only_ones_own_uploads_of_the_room_hang`: and none that was rejected.
/// - `an_unknown_room_takes_nothing`: `NoRoom`, and the rest of the batch is stored.
/// - `events_are_stored_with_the_message`: and not with one that is not stored.
/// - `events_for_webhooks_are_stored_where_there_are_some`: disabled ones too, and from then on.
/// - `an_edit_changes_text_mentions_and_rev`: and nothing else; the same text is `Unchanged`.
/// - `a_tombstone_keeps_its_place_only`: no text, mentions, reactions, attachments or pin; seq, rev,
///   sender, client id, thread and reply count stay.
/// - `a_tombstone_takes_no_change`: and deleting it again is `Unchanged`.
/// - `a_reaction_counts_once_a_person`: on twice is `Unchanged`, off takes it back.
/// - `reactions_are_bounded`: twenty different emoji at most, also when given at once.
/// - `reactions_are_the_readers_own`: `mine` differs by reader.
/// - `concurrent_changes_spend_one_rev_each`: no hole and no rev twice.
/// - `pages_rise_and_stop_at_the_floor`: every window, by rising seq, nothing at or before the floor.
/// - `find_keeps_the_order_asked_for`: unknown ids and those of deleted rooms are left out.
/// - `replies_rise_page_by_page`, `pins_fall_page_by_page`: each once, above the floor.
/// - `the_latest_is_the_last_above_the_floor`: per room; rooms without one are left out.
/// - `what_mentions_the_reader_is_found`: the last so many up to a place and above the floor, by rising
///   seq; what is deleted, or was edited to mention others, mentions them no more.
/// - `sent_finds_what_a_client_sent`: with the fingerprint of its first text.
#[async_trait]
pub trait Messages: Send + Sync + 'static {
    /// Gives each message its place in its room and stores it, all in one step.
    async fn append(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure>;

    /// Changes a message.
    async fn amend(&self, amendment: &Amendment) -> Result<Amended, Failure>;

    /// The messages with these ids, wherever they are, tombstones included.
    async fn find(&self, ids: &[MessageId], reader: UserId) -> Result<Vec<Message>, Failure>;

    /// What a sender sent under a client id.
    async fn sent(&self, sender: UserId, client_id: ClientId) -> Result<Option<Sent>, Failure>;

    /// A stretch of a room's log, by rising seq.
    async fn page(
        &self,
        view: &View,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>, Failure>;

    /// A thread's messages without its beginning, by rising seq, after a place.
    async fn replies(
        &self,
        view: &View,
        root: MessageId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure>;

    /// A room's pinned messages, by falling seq, before a place.
    async fn pins(
        &self,
        view: &View,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<Message>, Failure>;

    /// The last messages up to and with a place that mention the view's reader, by rising seq.
    async fn mentioning(
        &self,
        view: &View,
        up_to: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure>;

    /// The last message of each view's room.
    async fn latest(&self, views: &[View]) -> Result<Vec<Message>, Failure>;
}
