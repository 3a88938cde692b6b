//! `direct`: `authenticate`, `send_message` to a user, `new_message`.

use domain::UserId;
use domain::port::bus::MessageChange;
use protocol::{FieldCode, Secret};
use serde_json::{Value, json};

use super::message::message;
use super::rooms::own;
use super::{DIRECT, News, Reading, Said, payload};
use crate::error::ApiError;
use crate::socketio::order::{Address, Order, Word};

/// The order that an event means.
pub(super) fn read(event: &str, payload: &Value) -> Option<Reading> {
    Some(match event {
        "join_room" => join(payload),
        "leave_room" => payload::place_in(payload).map(Order::Leave),
        "send_message" => letter(payload),
        "mark_read" => payload::mark(payload, payload::optional_message(payload), true),
        _ => return None,
    })
}

/// Authenticates by a token, bare or in a field, or by a user's id.
pub(super) fn authenticate(payload: &Value) -> Reading {
    let text = match payload.as_str() {
        Some(text) => text.to_owned(),
        None => payload::text(payload, &["token"])?,
    };
    if text.is_empty() {
        return Err(payload::bad("token", FieldCode::Required, "is required"));
    }
    Ok(Order::Authenticate(match protocol::parse_id(&text) {
        Some(id) => Word::Id(UserId::from_uuid(id)),
        None => Word::Token(Secret::new(text)),
    }))
}

fn join(payload: &Value) -> Reading {
    payload::join(payload, payload::place_in(payload), DIRECT)
}

fn letter(payload: &Value) -> Reading {
    payload::letter(payload, address(payload), &["message", "content", "text"])
}

fn address(payload: &Value) -> Result<Address, ApiError> {
    let person = payload::optional_person(payload, "receiverId");
    match payload::both(payload::optional_place(payload), person)? {
        (Some(room), Some(person)) => Ok(Address::With(room, person)),
        (Some(room), None) => Ok(Address::Place(room)),
        (None, Some(person)) => Ok(Address::Person(person)),
        (None, None) => {
            let words = "is required, or receiverId";
            Err(payload::bad("roomId", FieldCode::Required, words))
        }
    }
}

/// The event that announces news.
pub(super) fn say(news: &News<'_>) -> Option<Said> {
    let told = |view: &application::MessageView, message: Value| json!({ "message": message, "roomId": view.message.room.as_uuid() });
    Some(match news {
        News::Posted(view, name) => ("new_message", told(view, own(view, *name))),
        News::Changed(view, MessageChange::Deleted) => {
            ("message_deleted", told(view, message(view, None)))
        }
        News::Changed(view, _) => ("message_updated", told(view, message(view, None))),
        News::Status {
            message, status, ..
        } => (
            "message_status_update",
            json!({ "messageId": message.as_uuid(), "status": status }),
        ),
        News::Room(_)
        | News::Typing { .. }
        | News::Presence { .. }
        | News::Receipt { .. }
        | News::Visit { .. }
        | News::RoomAdded(..)
        | News::Newest(_) => return None,
    })
}
