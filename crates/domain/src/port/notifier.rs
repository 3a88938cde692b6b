//! Telling people who are away.

use async_trait::async_trait;

use crate::{EventId, Failure, MessageId, RoomId, Seq, Timestamp, UserId};

/// Why somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// They are named in it.
    Mention,
    /// It is to them alone.
    Direct,
    /// It answers what they wrote.
    Reply,
    /// It is in a room of theirs.
    Message,
}

/// Something that somebody who is away is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The event that it follows from. With the person it names the notification, for whoever gets it
    /// twice.
    pub event: EventId,
    /// Whom it is for.
    pub user: UserId,
    /// Why.
    pub reason: Reason,
    /// Where it was said.
    pub room: RoomId,
    /// What that is called; a direct room has no name.
    pub room_name: Option<String>,
    /// Which message.
    pub message: MessageId,
    /// Its place in the room.
    pub seq: Seq,
    /// Who wrote it.
    pub sender: UserId,
    /// As what they are shown.
    pub sender_name: String,
    /// The beginning of what it says.
    pub preview: String,
    /// When it was said.
    pub at: Timestamp,
}

/// Reaches people who have no connection, by whatever the operator has.
///
/// # Obligations
/// - `a_notification_is_told`: with all that it says, before the call returns.
/// - `telling_again_is_under_the_same_name`: so that whoever hears it twice can know.
/// - `one_that_was_not_taken_may_be_told_again`: while the other side is away or refuses, it is a passing
///   failure.
#[async_trait]
pub trait Notifier: Send + Sync + 'static {
    /// Tells one.
    async fn tell(&self, notification: &Notification) -> Result<(), Failure>;
}
