//! Notifying users who are offline.

use async_trait::async_trait;

use crate::{EventId, Failure, MessageId, RoomId, Seq, Timestamp, UserId};

/// Why a user is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The message mentions them.
    Mention,
    /// The message is in a direct room of theirs.
    Direct,
    /// The message replies to one of theirs.
    Reply,
    /// The message is in another room of theirs.
    Message,
}

/// A notification for a user who is offline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The event behind it. Together with the user it identifies the notification, so that a receiver can
    /// recognise a duplicate.
    pub event: EventId,
    /// The user to notify.
    pub user: UserId,
    /// Why they are notified.
    pub reason: Reason,
    /// The message's room.
    pub room: RoomId,
    /// The room's name; a direct room has none.
    pub room_name: Option<String>,
    /// The message.
    pub message: MessageId,
    /// Its position in the room.
    pub seq: Seq,
    /// Its sender.
    pub sender: UserId,
    /// The sender's display name.
    pub sender_name: String,
    /// The beginning of its text.
    pub preview: String,
    /// When it was posted.
    pub at: Timestamp,
}

/// Reaches users who have no connection, through whatever service the operator has set up.
///
/// # Obligations
/// - `a_notification_is_told`: with its full content, before the call returns.
/// - `telling_again_is_under_the_same_name`: so that a receiver can recognise a duplicate.
/// - `one_that_was_not_taken_may_be_told_again`: while the service is unavailable or refuses it, the call
///   is a transient failure.
#[async_trait]
pub trait Notifier: Send + Sync + 'static {
    /// Sends a notification.
    async fn tell(&self, notification: &Notification) -> Result<(), Failure>;
}
