//! The content of a body: its media type, its schema and an example.

use protocol::Request;
use protocol::schema::{Example, JsonSchema, Schemas};
use serde::Serialize;
use serde_json::{Value, json};

/// Something in a body: its media type, its schema, and an example.
#[derive(Clone, Copy)]
pub(super) struct Content {
    pub(super) kind: &'static str,
    pub(super) schema: fn(&mut Schemas) -> Value,
    pub(super) example: Option<Sample>,
}

/// An example of a type, and the type's name.
pub(super) type Sample = fn() -> (String, Value);

impl Content {
    /// JSON of a type that clients read.
    pub(super) fn answer<T: JsonSchema + Example + Serialize>() -> Self {
        Self::json(Schemas::answer::<T>, sample::<T>)
    }

    /// JSON of a type that clients send.
    pub(super) fn request<T: Request + JsonSchema + Example + Serialize>() -> Self {
        Self::json(Schemas::request::<T>, sample::<T>)
    }

    const fn json(schema: fn(&mut Schemas) -> Value, example: Sample) -> Self {
        Self {
            kind: JSON,
            schema,
            example: Some(example),
        }
    }

    /// JSON whose schema is written elsewhere.
    pub(super) const fn other_json(schema: fn(&mut Schemas) -> Value) -> Self {
        Self {
            kind: JSON,
            schema,
            example: None,
        }
    }

    /// A stream of server-sent events.
    pub(super) const fn events(schema: fn(&mut Schemas) -> Value) -> Self {
        Self {
            kind: "text/event-stream",
            schema,
            example: None,
        }
    }

    /// A form with one file.
    pub(super) const fn form() -> Self {
        Self {
            kind: "multipart/form-data",
            schema: |_| {
                json!({
                    "type": "object",
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "The file: the one part that has a file name.",
                        },
                    },
                    "required": ["file"],
                })
            },
            example: None,
        }
    }

    /// A file of any type.
    pub(super) const fn file() -> Self {
        Self {
            kind: "*/*",
            schema: |_| json!({ "type": "string", "format": "binary" }),
            example: None,
        }
    }

    /// A text of this type.
    pub(super) fn text(kind: &'static str) -> Self {
        Self {
            kind,
            schema: |_| json!({ "type": "string" }),
            example: None,
        }
    }
}

const JSON: &str = "application/json";

fn sample<T: JsonSchema + Example + Serialize>() -> (String, Value) {
    // Examples are plain data; serialising them cannot fail.
    let example = serde_json::to_value(T::example()).unwrap_or_default();
    (T::schema_name().into_owned(), example)
}
