//! `convo`: `joinRoom`, `message`, `messagesUpdated`, `getRoomMembers`.

use serde_json::{Value, json};

use super::message::{message, visitor};
use super::rooms::own;
use super::{CONVO, News, Reading, Said, payload};
use crate::socketio::order::{Address, Order};

/// The order that an event means.
pub(super) fn read(event: &str, payload: &Value) -> Option<Reading> {
    Some(match event {
        "joinRoom" => join(payload),
        "leaveRoom" => payload::place_in(payload).map(Order::Leave),
        "message" => letter(payload),
        "deleteMessage" => delete(payload),
        "getRoomMembers" => payload::room(payload, &["roomId"]).map(Order::Members),
        _ => return None,
    })
}

fn join(payload: &Value) -> Reading {
    payload::join(payload, payload::place_in(payload), CONVO)
}

fn letter(payload: &Value) -> Reading {
    payload::letter(
        payload,
        payload::place_in(payload).map(Address::Place),
        &["content", "text", "message"],
    )
}

fn delete(payload: &Value) -> Reading {
    let room = payload::room(payload, &["roomId"]);
    let (room, message) = payload::both(room, payload::message(payload))?;
    Ok(Order::Delete { room, message })
}

/// The event that announces news. Changes of messages have none: the newest messages are sent instead.
pub(super) fn say(news: &News<'_>) -> Option<Said> {
    Some(match news {
        News::Posted(view, name) => ("message", own(view, *name)),
        News::Visit { room, user, on } => {
            let event = if *on { "userJoined" } else { "userLeft" };
            let (id, username) = visitor(user);
            let told = json!({ "roomId": room.as_uuid(), "userId": id, "username": username });
            (event, told)
        }
        News::Newest(views) => {
            let messages = views.iter().map(|view| message(view, None));
            ("messagesUpdated", Value::Array(messages.collect()))
        }
        News::Changed(..)
        | News::Room(_)
        | News::Typing { .. }
        | News::Presence { .. }
        | News::Receipt { .. }
        | News::Status { .. }
        | News::RoomAdded(..) => return None,
    })
}
