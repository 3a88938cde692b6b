//! A notification as JSON.

use domain::Timestamp;
use domain::port::notifier::{Notification, Reason};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A notification.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body<'a> {
    r#type: &'static str,
    id: &'a str,
    event_id: String,
    user_id: String,
    reason: &'static str,
    room_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    room_name: Option<&'a str>,
    message_id: String,
    seq: i64,
    sender_id: String,
    sender_name: &'a str,
    preview: &'a str,
    created_at: String,
}

impl<'a> Body<'a> {
    pub(crate) fn of(id: &'a str, notification: &'a Notification) -> Self {
        Self {
            r#type: "notification",
            id,
            event_id: notification.event.to_string(),
            user_id: notification.user.to_string(),
            reason: match notification.reason {
                Reason::Mention => "mention",
                Reason::Direct => "direct",
                Reason::Reply => "reply",
                Reason::Message => "message",
            },
            room_id: notification.room.to_string(),
            room_name: notification.room_name.as_deref(),
            message_id: notification.message.to_string(),
            seq: notification.seq.get(),
            sender_id: notification.sender.to_string(),
            sender_name: &notification.sender_name,
            preview: &notification.preview,
            created_at: moment(notification.at),
        }
    }
}

/// In milliseconds, as everywhere on the wire. A time beyond the calendar becomes the Unix epoch.
fn moment(at: Timestamp) -> String {
    let nanos = i128::from(at.as_millis()) * 1_000_000;
    let at = OffsetDateTime::from_unix_timestamp_nanos(nanos);
    let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(&Rfc3339).unwrap_or_default()
}
