//! Push subscriptions, which notify devices that have no connection.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use validator::Validate;

use crate::limits::{PLACE_MAX, PUSH_ENDPOINT_MAX};
use crate::{FieldCode, Fields, Request, parse_bytes, read};

/// `PUT /api/push/subscription`: the result of a browser's `PushSubscription.toJSON()`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PutPushSubscription {
    /// The push service's URL for this browser, with the scheme https.
    #[validate(length(min = 1, max = PUSH_ENDPOINT_MAX), custom(function = "read::address"))]
    #[schemars(pattern(read::ADDRESS))]
    pub endpoint: String,
    /// When the subscription expires, in milliseconds since 1970, if the browser knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = PLACE_MAX))]
    pub expiration_time: Option<i64>,
    /// The keys that pushes are encrypted with.
    pub keys: PushKeys,
}

/// Keys in base64url.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct PushKeys {
    /// The browser's public key: a point on P-256, 65 bytes.
    #[schemars(pattern(r"^[A-Za-z0-9_+/\-]{87}=*$"))]
    pub p256dh: String,
    /// The authentication secret, 16 bytes.
    #[schemars(pattern(r"^[A-Za-z0-9_+/\-]{22}=*$"))]
    pub auth: String,
}

impl Request for PutPushSubscription {
    fn read(fields: &mut Fields) -> Self {
        Self {
            endpoint: fields.text("endpoint").required(),
            expiration_time: fields.whole("expirationTime").optional(),
            keys: {
                let keys = fields.object("keys").required();
                PushKeys {
                    p256dh: key::<65>(fields, &keys, ("p256dh", "keys.p256dh")),
                    auth: key::<16>(fields, &keys, ("auth", "keys.auth")),
                }
            },
        }
    }
}

/// Reads a field of the inner object that must be `N` bytes long. Problems are noted under its full path.
fn key<const N: usize>(
    fields: &mut Fields,
    keys: &Map<String, Value>,
    (name, whole): (&str, &'static str),
) -> String {
    match keys.get(name) {
        Some(Value::String(text)) if parse_bytes::<N>(text).is_some() => return text.clone(),
        Some(Value::String(_)) => {
            let message = format!("must be {N} bytes in base64url");
            fields.note(whole, FieldCode::Format, message);
        }
        Some(Value::Null) | None => fields.note(whole, FieldCode::Required, "is required"),
        Some(_) => fields.note(whole, FieldCode::Type, "must be a string"),
    }
    String::new()
}
