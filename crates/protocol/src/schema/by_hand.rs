//! Schemas of requests in which several fields on the wire make up one field of the struct.

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
            "description": "A cursor to move: to a message or to a seq, exactly one of the two.",
            "type": "object",
            "properties": {
                "roomId": {
                    "description": "The room.",
                    "type": "string",
                    "format": "uuid",
                },
                "messageId": {
                    "description": "To this message.",
                    "type": ["string", "null"],
                    "format": "uuid",
                },
                "seq": {
                    "description": "To this seq.",
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
            "description": "Which room to join. A code implies its room, so it takes precedence if both are sent.",
            "type": "object",
            "properties": {
                "inviteCode": {
                    "description": "The code of an invite, required for a private room.",
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
                    "description": "The messages before this one, newest first: where the previous page ended. Only one of `cursor`, `after` and `around` can be given.",
                    "type": "string",
                    "format": "uuid",
                },
                "after": {
                    "description": "The messages after this seq, in ascending order.",
                    "type": "integer",
                    "minimum": 0,
                    "maximum": PLACE_MAX,
                },
                "around": {
                    "description": "The messages around this seq, newest first.",
                    "type": "integer",
                    "minimum": 0,
                    "maximum": PLACE_MAX,
                },
                "limit": {
                    "description": "The page size.",
                    "type": "integer",
                    "minimum": 1,
                    "maximum": PAGE_MAX,
                    "default": page_limit(),
                },
            },
        })
    }
}

/// Where a summary begins: one of two words, or a seq.
pub(crate) fn since(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "pattern": "^(read|join|[0-9]{1,16})$",
    })
}

/// The form of a summary.
pub(crate) fn summary_style(_: &mut SchemaGenerator) -> Schema {
    let words = SummaryStyle::ALL.iter().map(|style| style.as_str());
    json_schema!({
        "type": "string",
        "enum": words.collect::<Vec<_>>(),
    })
}

/// The state of the wanted deliveries.
pub(crate) fn delivery_state(_: &mut SchemaGenerator) -> Schema {
    let words = DeliveryState::ALL.iter().map(|state| state.as_str());
    json_schema!({
        "type": "string",
        "enum": words.collect::<Vec<_>>(),
    })
}
