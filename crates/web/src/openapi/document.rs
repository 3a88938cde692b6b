//! The document as a whole.

use std::sync::LazyLock;

use protocol::schema::{Parameter, Schemas};
use serde_json::{Map, Value, json};

use super::content::Content;
use super::operation::{Access, Operation, Piece};
use super::problems::Problems;
use super::{
    accounts, chats, headers, history, media, members, messages, operations, people, push, rooms,
    vouching, webhooks,
};

/// A tag, its description and its operations.
type Tagged = (&'static str, &'static str, fn() -> Vec<Operation>);

/// In the order in which one would read them.
const TAGS: [Tagged; 12] = [
    (
        "accounts",
        "Signing up, in and out, and your sessions.",
        accounts::operations,
    ),
    (
        "people",
        "People, and your own account.",
        people::operations,
    ),
    ("rooms", "Rooms, joining and leaving.", rooms::operations),
    (
        "members",
        "Members, bans and invites of rooms.",
        members::operations,
    ),
    (
        "messages",
        "Single messages, reactions, pins, and read and delivery cursors.",
        messages::operations,
    ),
    (
        "history",
        "The history of rooms: pages of messages, threads, changes, summaries and search.",
        history::operations,
    ),
    ("files", "Uploaded files.", media::operations),
    (
        "conversations",
        "Direct rooms and groups, and public rooms by name.",
        chats::operations,
    ),
    (
        "push",
        "Push notifications to devices without a connection.",
        push::operations,
    ),
    (
        "own sign-in",
        "Accounts and sessions for people who have signed in elsewhere, for administrators of the deployment.",
        vouching::operations,
    ),
    (
        "webhooks",
        "Notifying other systems of events, for administrators of the deployment.",
        webhooks::operations,
    ),
    (
        "server",
        "The server itself: health, metrics, keys and documents.",
        operations::operations,
    ),
];

/// The routes as an OpenAPI 3.1 document, in JSON. It is the same for every request.
pub fn document() -> &'static str {
    static WRITTEN: LazyLock<String> = LazyLock::new(|| {
        // Pretty-printed, since people read it as well. Serialising a value cannot fail.
        let mut text = serde_json::to_string_pretty(&built()).unwrap_or_default();
        text.push('\n');
        text
    });
    &WRITTEN
}

pub(super) fn built() -> Value {
    let mut parts = Parts::default();
    let mut paths = Map::new();
    for (tag, _, operations) in TAGS {
        for operation in operations() {
            let described = parts.describe(tag, &operation);
            let place = paths.entry(operation.path).or_insert_with(|| json!({}));
            if let Value::Object(place) = place {
                place.insert(operation.method.as_str().to_ascii_lowercase(), described);
            }
        }
    }
    let (responses, mut examples) = parts.problems.into_parts();
    examples.extend(parts.examples);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tertulia",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "A chat backend that you run yourself.",
            "description": include_str!("about.md"),
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": "/", "description": "The server that this document comes from." }],
        "tags": TAGS.map(|(name, description, _)| json!({ "name": name, "description": description })),
        "paths": paths,
        "components": {
            "schemas": parts.schemas.into_all(),
            "responses": responses,
            "examples": examples,
            "headers": headers::all(),
            "securitySchemes": security_schemes(),
        },
    })
}

#[derive(Default)]
struct Parts {
    schemas: Schemas,
    problems: Problems,
    examples: Map<String, Value>,
}

impl Parts {
    fn describe(&mut self, tag: &str, operation: &Operation) -> Value {
        let mut described = json!({
            "tags": [tag],
            "operationId": operation.id,
            "summary": operation.summary,
            "security": security(operation.access),
            "parameters": self.parameters(operation),
            "responses": self.responses(operation),
        });
        if let Value::Object(described) = &mut described {
            if !operation.description.is_empty() {
                described.insert("description".to_owned(), operation.description.into());
            }
            if let Some(body) = &operation.body {
                let body = json!({
                    "required": body.required,
                    "content": self.content(body.content),
                });
                described.insert("requestBody".to_owned(), body);
            }
        }
        described
    }

    fn content(&mut self, content: Content) -> Value {
        let mut media = json!({ "schema": (content.schema)(&mut self.schemas) });
        if let (Value::Object(media), Some(sample)) = (&mut media, content.example) {
            let (name, example) = sample();
            let reference = json!({ "$ref": format!("#/components/examples/{name}") });
            media.insert("examples".to_owned(), json!({ name.as_str(): reference }));
            self.examples.insert(name, json!({ "value": example }));
        }
        json!({ content.kind: media })
    }

    fn parameters(&mut self, operation: &Operation) -> Vec<Value> {
        let in_path = operation.path_parameters.iter().map(|parameter| {
            let (name, description, piece) = parameter;
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "description": description,
                "schema": schema_of(*piece),
            })
        });
        let query = operation.query.map(|query| query(&mut self.schemas));
        let query = query
            .unwrap_or_default()
            .into_iter()
            .map(|parameter| in_query(&parameter));
        in_path.chain(query).collect()
    }

    fn responses(&mut self, operation: &Operation) -> Value {
        let is_counted = operation.is_counted();
        let counted = ["RateLimit", "RateLimit-Policy"];
        let counted = counted.into_iter().filter(|_| is_counted);
        let mut responses = Map::new();
        let refusals = self
            .problems
            .answers(&mut self.schemas, &operation.codes, is_counted);
        for (status, refusal) in refusals {
            responses.insert(status.to_string(), refusal);
        }
        for answer in &operation.answers {
            let names = answer.headers.iter().copied();
            let names = ["x-request-id"]
                .into_iter()
                .chain(counted.clone())
                .chain(names);
            let mut response = json!({
                "description": answer.description,
                "headers": headers::some(names),
            });
            if let (Value::Object(response), Some(content)) = (&mut response, answer.content) {
                let kinds = [Some(content), answer.other].into_iter().flatten();
                let kinds = kinds.filter_map(|one| self.content(one).as_object().cloned());
                let kinds: Map<String, Value> = kinds.flatten().collect();
                response.insert("content".to_owned(), kinds.into());
            }
            responses.insert(answer.status.to_string(), response);
        }
        responses.into()
    }
}

fn in_query(parameter: &Parameter) -> Value {
    let mut written = json!({
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.description,
        "schema": parameter.schema,
    });
    if let (Value::Object(written), false) = (&mut written, parameter.required) {
        written.insert("allowEmptyValue".to_owned(), true.into());
    }
    let is_list = parameter
        .schema
        .get("type")
        .is_some_and(|kind| kind == "array");
    if let (Value::Object(written), true) = (&mut written, is_list) {
        // Comma-separated, instead of repeating the name.
        written.insert("style".to_owned(), "form".into());
        written.insert("explode".to_owned(), false.into());
    }
    written
}

fn schema_of(piece: Piece) -> Value {
    match piece {
        Piece::Id => json!({ "type": "string", "format": "uuid" }),
        Piece::Code => json!({ "type": "string", "pattern": "^[0-9A-Fa-f]{32}$" }),
        Piece::Emoji => {
            json!({ "type": "string", "minLength": 1, "maxLength": protocol::limits::EMOJI_MAX })
        }
        Piece::Words => {
            json!({ "type": "string", "minLength": 1, "maxLength": protocol::limits::SEARCH_MAX, "pattern": r"\S" })
        }
    }
}

fn security(access: Access) -> Value {
    match access {
        Access::Free | Access::Anyone => json!([]),
        Access::SignedIn => json!([{ "accessToken": [] }]),
        Access::Refresh => json!([{ "refreshCookie": [] }, {}]),
        Access::Token => json!([{ "accessToken": [] }, { "refreshCookie": [] }, {}]),
        Access::Socket => json!([{ "accessToken": [] }, {}]),
        Access::Admin => json!([{ "adminToken": [] }]),
        Access::Metrics => json!([{ "metricsToken": [] }, {}]),
    }
}

fn security_schemes() -> Value {
    json!({
        "accessToken": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `accessToken` that signing in returns, valid for 15 minutes.",
        },
        "refreshCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "tertulia_refresh",
            "description": "The refresh token of a browser that signed in with `?cookie=true`.",
        },
        "adminToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token in the setting ADMIN_TOKEN. Without that setting these paths are not found.",
        },
        "metricsToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token in the setting METRICS_TOKEN. None is needed from the same machine.",
        },
    })
}
