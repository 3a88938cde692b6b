//! `conversations`: `conversation:join`, `message:send`, `message:received`, `typing:start`.

use domain::port::bus::MessageChange;
use domain::{RoomId, UserId};
use serde_json::{Value, json};

use super::message::{message, moment, object};
use super::rooms::own;
use super::{CONVERSATIONS, News, Reading, Said, payload};
use crate::socketio::order::{Address, Order, Place};
use crate::translate;

const ROOM: &[&str] = &["conversationId", "roomId"];

/// The order that an event means.
pub(super) fn read(event: &str, payload: &Value) -> Option<Reading> {
    Some(match event {
        "conversation:join" => join(payload),
        "conversation:leave" => room(payload).map(Order::Leave),
        "message:send" => letter(payload),
        "typing:start" => typing(payload, true),
        "typing:stop" => typing(payload, false),
        _ => return None,
    })
}

fn room(payload: &Value) -> Result<Place, crate::error::ApiError> {
    if payload.is_string() {
        return payload::place("conversationId", payload);
    }
    payload::room(payload, ROOM).map(Place::Room)
}

fn join(payload: &Value) -> Reading {
    payload::join(payload, room(payload), CONVERSATIONS)
}

fn letter(payload: &Value) -> Reading {
    payload::letter(
        payload,
        room(payload).map(Address::Place),
        &["content", "text", "message"],
    )
}

fn typing(payload: &Value, on: bool) -> Reading {
    let room = payload::room(payload, ROOM)?;
    Ok(Order::Typing { room, on })
}

/// The event that announces news.
pub(super) fn say(news: &News<'_>) -> Option<Said> {
    Some(match news {
        News::Posted(view, name) => ("message:received", own(view, *name)),
        News::Changed(view, MessageChange::Deleted) => ("message:deleted", message(view, None)),
        News::Changed(view, _) => ("message:updated", message(view, None)),
        News::Status {
            room,
            message,
            status,
        } => (
            "message:status",
            json!({
                "conversationId": room.as_uuid(),
                "messageId": message.as_uuid(),
                "status": status,
            }),
        ),
        News::Typing { room, user, on } => {
            let event = if *on {
                "user:typing"
            } else {
                "user:stopped-typing"
            };
            (event, somebody(*room, *user))
        }
        News::Visit { room, user, on } => {
            let event = if *on { "user:joined" } else { "user:left" };
            (event, somebody(*room, user.id))
        }
        News::Presence {
            user, online, at, ..
        } => {
            let event = if *online {
                "user:online"
            } else {
                "user:offline"
            };
            let told = json!({ "userId": user.as_uuid(), "timestamp": moment(*at) });
            (event, told)
        }
        News::RoomAdded(view, links) => {
            let room = translate::room((*view).clone(), links);
            ("conversation:created", conversation(&room))
        }
        News::Room(room) => {
            let room = translate::everybodys_room(room);
            ("conversation:updated", conversation(&room))
        }
        News::Receipt { .. } | News::Newest(_) => return None,
    })
}

fn somebody(room: RoomId, user: UserId) -> Value {
    json!({ "userId": user.as_uuid(), "conversationId": room.as_uuid() })
}

fn conversation(room: &protocol::shape::Room) -> Value {
    let mut fields = object(room);
    let id = fields.get("id").cloned().unwrap_or_default();
    fields.insert("conversationId".to_owned(), id);
    Value::Object(fields)
}
