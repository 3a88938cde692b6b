//! Schemas of requests whose fields say together what one member of theirs holds.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;

use super::rules::{page_limit, present};
use crate::limits::{PAGE_MAX, PLACE_MAX};
use crate::rest::{HistoryQuery, JoinAny, MoveCursor, SummaryStyle};
use crate::shape::DeliveryState;

impl JsonSchema for MoveCursor {
    fn schema_name() -> Cow<'static, str> {
        "MoveCursor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({
            "description": "How far somebody has come: to a message or to a place, one of the two.",
            "type": "object",
            "properties": {
                "roomId": {
                    "description": "In which room.",
                    "type": "string",
                    "format": "uuid",
                },
                "messageId": {
                    "description": "To this message.",
                    "type": ["string", "null"],
                    "format": "uuid",
                },
                "seq": {
                    "description": "To this place.",
                    "type": ["integer", "null"],
                    "minimum": 0,
                    "maximum": PLACE_MAX,
                },
            },
            "required": ["roomId"],
        });
        let choices = ["messageId", "seq"].map(|name| present(&schema, name));
        schema.insert("oneOf".to_owned(), choices.to_vec().into());
        schema
    }
}

impl JsonSchema for JoinAny {
    fn schema_name() -> Cow<'static, str> {
        "JoinAny".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({
            "description": "Which room to join. A code says which one it opens, so it counts where both are sent.",
            "type": "object",
            "properties": {
                "inviteCode": {
                    "description": "What lets strangers into a private room.",
                    "type": ["string", "null"],
                },
                "roomId": {
                    "description": "The room, if it is public.",
                    "type": ["string", "null"],
                    "format": "uuid",
                },
            },
        });
        let code = json!({ "type": "string", "pattern": r"\S" });
        let choices = [
            json!({ "required": ["inviteCode"], "properties": { "inviteCode": code } }),
            present(&schema, "roomId"),
        ];
        schema.insert("anyOf".to_owned(), choices.to_vec().into());
        schema
    }
}

impl JsonSchema for HistoryQuery {
    fn schema_name() -> Cow<'static, str> {
        "HistoryQuery".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": {
                "cursor": {
                    "description": "The messages before this one, the newest first: where the page before ended. Only one of `cursor`, `after` and `around` can be asked for.",
                    "type": "string",
                    "format": "uuid",
                },
                "after": {
                    "description": "The messages after this seq, rising.",
                    "type": "integer",
                    "minimum": 0,
                    "maximum": PLACE_MAX,
                },
                "around": {
                    "description": "The messages on both sides of this seq, the newest first.",
                    "type": "integer",
                    "minimum": 0,
                    "maximum": PLACE_MAX,
                },
                "limit": {
                    "description": "How many.",
                    "type": "integer",
                    "minimum": 1,
                    "maximum": PAGE_MAX,
                    "default": page_limit(),
                },
            },
        })
    }
}

/// Since when a summary is wanted: one of two words, or a seq.
pub(crate) fn since(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "pattern": "^(read|join|[0-9]{1,16})$",
    })
}

/// In which form a summary is wanted.
pub(crate) fn summary_style(_: &mut SchemaGenerator) -> Schema {
    let words = SummaryStyle::ALL.iter().map(|style| style.as_str());
    json_schema!({
        "type": "string",
        "enum": words.collect::<Vec<_>>(),
    })
}

/// In which state deliveries are wanted.
pub(crate) fn delivery_state(_: &mut SchemaGenerator) -> Schema {
    let words = DeliveryState::ALL.iter().map(|state| state.as_str());
    json_schema!({
        "type": "string",
        "enum": words.collect::<Vec<_>>(),
    })
}
