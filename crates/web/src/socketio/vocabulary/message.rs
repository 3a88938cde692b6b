//! Messages, with all the field names by which clients of these vocabularies read them.

use application::MessageView;
use domain::{Timestamp, User};
use protocol::shape::MessageStatus;
use serde_json::{Map, Value, json};

use crate::translate;

/// A message as everyone may see it: as in REST, with aliases of fields for older clients.
pub(super) fn message(view: &MessageView, status: Option<MessageStatus>) -> Value {
    let mut shown = translate::everybodys_message(view);
    shown.status = status;
    let mut fields = object(&shown);
    let aliases = [
        ("id", "_id"),
        ("content", "text"),
        ("content", "message"),
        ("senderId", "userId"),
        ("roomId", "conversationId"),
        ("roomId", "chatRoomId"),
        ("createdAt", "timestamp"),
    ];
    for (name, alias) in aliases {
        let value = fields.get(name).cloned().unwrap_or_default();
        fields.insert(alias.to_owned(), value);
    }
    let username = view.sender.username.as_str();
    fields.insert("user".to_owned(), json!({ "username": username }));
    Value::Object(fields)
}

/// The fields of a wire shape.
pub(super) fn object(shape: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(shape) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => Map::new(),
        Err(error) => {
            tracing::error!(%error, "could not encode a payload");
            Map::new()
        }
    }
}

/// The id and name of a user, as in the member lists of older clients.
pub(super) fn visitor(user: &User) -> (String, &str) {
    (user.id.to_string(), user.username.as_str())
}

/// A timestamp as JSON.
pub(super) fn moment(at: Timestamp) -> Value {
    let at = serde_json::to_value(translate::to_wire(at));
    at.unwrap_or_default()
}
