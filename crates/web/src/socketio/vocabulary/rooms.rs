//! `rooms`: `join_room`, `send_message`, `receive_message`, `typing`, `user_status`; and the older
//! `room:join` with `message:new`.

use application::MessageView;
use domain::port::bus::MessageChange;
use protocol::shape::MessageStatus;
use serde_json::{Value, json};

use super::message::{message, moment};
use super::{News, ROOMS, ROOMS_BY_NAME, Reading, Said, payload};
use crate::socketio::order::{Address, Order};

/// The order that an event means.
pub(super) fn read(event: &str, payload: &Value) -> Option<Reading> {
    Some(match event {
        "join_room" => join(payload),
        "room:join" => payload::place_in(payload).map(|room| Order::Join {
            room,
            since: None,
            dialect: ROOMS_BY_NAME,
        }),
        "leave_room" | "room:leave" => payload::place_in(payload).map(Order::Leave),
        "send_message" => letter(payload),
        "typing" => typing(payload),
        "mark_read" => mark(payload, true),
        "mark_delivered" => mark(payload, false),
        _ => return None,
    })
}

fn mark(payload: &Value, read: bool) -> Reading {
    payload::mark(payload, payload::message(payload).map(Some), read)
}

fn join(payload: &Value) -> Reading {
    payload::join(payload, payload::place_in(payload), ROOMS)
}

fn letter(payload: &Value) -> Reading {
    payload::letter(
        payload,
        payload::place_in(payload).map(Address::Place),
        &["content", "text", "message"],
    )
}

fn typing(payload: &Value) -> Reading {
    let room = payload::room(payload, &["roomId"]);
    let (room, on) = payload::both(room, payload::flag(payload, "isTyping"))?;
    Ok(Order::Typing { room, on })
}

/// The event that announces news; `posted` is the one for new messages.
pub(super) fn say(news: &News<'_>, posted: &'static str) -> Option<Said> {
    Some(match news {
        News::Posted(view, name) => (posted, own(view, *name)),
        News::Changed(view, MessageChange::Deleted) => ("message_deleted", message(view, None)),
        News::Changed(view, _) => ("message_updated", message(view, None)),
        News::Typing { room, user, on } => (
            "typing",
            json!({ "userId": user.as_uuid(), "roomId": room.as_uuid(), "isTyping": on }),
        ),
        News::Presence {
            user,
            online,
            last_seen,
            ..
        } => {
            let status = if *online { "online" } else { "offline" };
            let mut told = json!({ "userId": user.as_uuid(), "status": status });
            if let (Some(at), Some(fields)) = (last_seen, told.as_object_mut()) {
                fields.insert("lastSeenAt".to_owned(), moment(*at));
            }
            ("user_status", told)
        }
        News::Receipt {
            room,
            user,
            cursors,
            message,
            status,
        } => (
            "receipt",
            json!({
                "roomId": room.as_uuid(),
                "userId": user.as_uuid(),
                "readSeq": cursors.read.get(),
                "deliveredSeq": cursors.delivered.get(),
                "messageId": message.as_uuid(),
                "status": status,
            }),
        ),
        News::Visit { user, on, .. } => {
            let event = if *on { "user:joined" } else { "user:left" };
            (event, Value::from(user.id.to_string()))
        }
        News::Status { .. } | News::Room(_) | News::RoomAdded(..) | News::Newest(_) => return None,
    })
}

/// A new message, with its poster's own name for it.
pub(super) fn own(view: &MessageView, name: Option<&Value>) -> Value {
    let mut told = message(view, Some(MessageStatus::Sent));
    if let (Some(name), Some(fields)) = (name, told.as_object_mut()) {
        fields.insert("tempId".to_owned(), name.clone());
    }
    told
}
