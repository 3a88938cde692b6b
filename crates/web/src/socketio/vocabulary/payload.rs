//! Reads the payloads of events, field by field.

use domain::{MessageId, RoomId, UserId};
use protocol::{ErrorCode, FieldCode, FieldError};
use realtime::Dialect;
use serde_json::Value;
use uuid::Uuid;

use super::Reading;
use crate::error::ApiError;
use crate::socketio::order::{Address, Letter, Order, Place};

/// How many bytes a client's own name for a message may have in order to be returned.
const LONGEST_NAME: usize = 8_192;

/// A field that is missing or wrong.
pub(in crate::socketio) fn bad(field: &str, code: FieldCode, message: &str) -> ApiError {
    unacceptable(vec![FieldError::new(field, code, message)])
}

/// Fields that are missing or wrong.
pub(in crate::socketio) fn unacceptable(fields: Vec<FieldError>) -> ApiError {
    ApiError::new(ErrorCode::Invalid, "some fields are not acceptable").about(fields)
}

/// Both values, or all that is wrong with either.
pub(super) fn both<A, B>(
    one: Result<A, ApiError>,
    other: Result<B, ApiError>,
) -> Result<(A, B), ApiError> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(one), Err(other)) => {
            let fields = [one.fields(), other.fields()].concat();
            Err(one.about(fields))
        }
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

/// The first of these fields that is present.
fn field<'a>(payload: &'a Value, names: &[&str]) -> Option<&'a Value> {
    let present = |name: &&str| payload.get(name).filter(|value| !value.is_null());
    names.iter().find_map(present)
}

fn needed<'a>(payload: &'a Value, names: &[&'a str]) -> Result<(&'a str, &'a Value), ApiError> {
    let name = names.first().copied().unwrap_or_default();
    match field(payload, names) {
        Some(value) => Ok((name, value)),
        None => Err(bad(name, FieldCode::Required, "is required")),
    }
}

fn parsed_id(name: &str, value: &Value) -> Result<Uuid, ApiError> {
    let id = value.as_str().and_then(protocol::parse_id);
    id.ok_or_else(|| bad(name, FieldCode::Format, "must be an id"))
}

pub(super) fn room(payload: &Value, names: &[&str]) -> Result<RoomId, ApiError> {
    let (name, value) = needed(payload, names)?;
    parsed_id(name, value).map(RoomId::from_uuid)
}

pub(super) fn message(payload: &Value) -> Result<MessageId, ApiError> {
    let (name, value) = needed(payload, &["messageId"])?;
    parsed_id(name, value).map(MessageId::from_uuid)
}

pub(super) fn optional_message(payload: &Value) -> Result<Option<MessageId>, ApiError> {
    let value = field(payload, &["messageId"]);
    let id = value.map(|value| parsed_id("messageId", value));
    Ok(id.transpose()?.map(MessageId::from_uuid))
}

pub(super) fn optional_person(payload: &Value, name: &str) -> Result<Option<UserId>, ApiError> {
    let value = field(payload, &[name]);
    let id = value.map(|value| parsed_id(name, value));
    Ok(id.transpose()?.map(UserId::from_uuid))
}

pub(super) fn text(payload: &Value, names: &[&str]) -> Result<String, ApiError> {
    let (name, value) = needed(payload, names)?;
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| bad(name, FieldCode::Type, "must be a string"))
}

pub(super) fn flag(payload: &Value, name: &str) -> Result<bool, ApiError> {
    let (name, value) = needed(payload, &[name])?;
    value
        .as_bool()
        .ok_or_else(|| bad(name, FieldCode::Type, "must be true or false"))
}

/// The rev from which to continue.
fn since(payload: &Value) -> Result<Option<i64>, ApiError> {
    let read = |value: &Value| {
        let rev = value.as_i64().filter(|rev| *rev >= 0);
        rev.ok_or_else(|| bad("since", FieldCode::Type, "must be a rev"))
    };
    field(payload, &["since"]).map(read).transpose()
}

fn client_id(payload: &Value) -> Result<Option<Uuid>, ApiError> {
    let value = field(payload, &["clientId"]);
    value.map(|value| parsed_id("clientId", value)).transpose()
}

/// The client's own name for the message, which may be any JSON. One that is too long to be returned, or
/// contains binary data, of which there are only placeholders here, is ignored: the message matters
/// more.
fn temp_id(payload: &Value) -> Option<Value> {
    let name = field(payload, &["tempId"])?;
    let told = !has_bytes(name) && name.to_string().len() <= LONGEST_NAME;
    told.then(|| name.clone())
}

/// Whether this contains a placeholder for binary data.
fn has_bytes(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.get("_placeholder") == Some(&Value::Bool(true)) || fields.values().any(has_bytes)
        }
        Value::Array(items) => items.iter().any(has_bytes),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The order to join a room.
pub(super) fn join(payload: &Value, room: Result<Place, ApiError>, dialect: Dialect) -> Reading {
    let (room, since) = both(room, since(payload))?;
    Ok(Order::Join {
        room,
        since,
        dialect,
    })
}

/// The order to post a message, whose text is in one of these fields.
pub(super) fn letter(payload: &Value, to: Result<Address, ApiError>, texts: &[&str]) -> Reading {
    let both_needed = both(to, text(payload, texts));
    let ((to, content), client_id) = both(both_needed, client_id(payload))?;
    Ok(Order::Send(Letter {
        to,
        content,
        client_id,
        temp_id: temp_id(payload),
    }))
}

/// The order to move a cursor in a room: to a message, or to the newest one.
pub(super) fn mark(
    payload: &Value,
    message: Result<Option<MessageId>, ApiError>,
    read: bool,
) -> Reading {
    let (room, message) = both(place_in(payload), message)?;
    Ok(Order::Mark {
        room,
        message,
        read,
    })
}

/// A room by its id, or by the ids of its two members: `<userId>-<userId>`.
pub(super) fn place(name: &str, value: &Value) -> Result<Place, ApiError> {
    const ID: usize = 36;
    let text = value.as_str().unwrap_or_default();
    if let (Some(one), Some("-"), Some(other)) =
        (text.get(..ID), text.get(ID..ID + 1), text.get(ID + 1..))
    {
        let one = parsed_id(name, &Value::from(one))?;
        let other = parsed_id(name, &Value::from(other))?;
        return Ok(Place::Pair(
            UserId::from_uuid(one),
            UserId::from_uuid(other),
        ));
    }
    Ok(Place::Room(RoomId::from_uuid(parsed_id(name, value)?)))
}

/// The same, either as the payload itself or in its field `roomId`.
pub(super) fn place_in(payload: &Value) -> Result<Place, ApiError> {
    if payload.is_string() {
        return place("roomId", payload);
    }
    let (name, value) = needed(payload, &["roomId"])?;
    place(name, value)
}

pub(super) fn optional_place(payload: &Value) -> Result<Option<Place>, ApiError> {
    let value = field(payload, &["roomId"]);
    value.map(|value| place("roomId", value)).transpose()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let payload = json!({ "clientId": 7 });
        let to = place_in(&payload).map(Address::Place);
        let error = letter(&payload, to, &["content"]).err().unwrap();
        let fields: Vec<_> = error
            .fields()
            .iter()
            .map(|one| one.field.as_str())
            .collect();
        assert_eq!(fields, ["roomId", "content", "clientId"]);
    }

    #[test]
    fn a_name_of_ones_own_is_told_back_unless_that_makes_no_sense() {
        let name = |value: Value| temp_id(&json!({ "tempId": value }));
        for value in [
            json!("t1"),
            json!(7),
            json!({ "a": [1] }),
            json!("x".repeat(1000)),
        ] {
            assert_eq!(name(value.clone()), Some(value));
        }
        let bytes = json!({ "_placeholder": true, "num": 0 });
        for value in [
            json!(null),
            json!("x".repeat(9000)),
            bytes.clone(),
            json!([{ "in": bytes }]),
        ] {
            assert_eq!(name(value), None);
        }
    }
}
