//! What other programs ask, and what the server says of itself.

use protocol::ErrorCode::{
    Forbidden, Malformed, SessionRevoked, TokenExpired, TooMany, Unauthenticated,
};
use protocol::schema::Schemas;
use protocol::shape;
use serde_json::{Value, json};

use super::content::Content;
use super::operation::{Access, Operation, get};

/// What is asked of the server itself.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/ws", "openSocket", "Open a WebSocket")
            .says("Everything that happens, in order and each change once. `/asyncapi.json` has the protocol.")
            .access(Access::Socket)
            .refuses(&[Malformed, Unauthenticated, TokenExpired, SessionRevoked, Forbidden, TooMany])
            .answers(101, "A WebSocket from here on.", None),
        get("/health", "readHealth", "How the server is")
            .says("The same as `/health/ready`.")
            .free()
            .shows::<shape::Health>("It works, perhaps without some of what is behind it.")
            .unready::<shape::Health>("The store is down."),
        get("/health/live", "readLiveness", "Whether the server is alive")
            .free()
            .shows::<shape::Health>("It is."),
        get("/health/ready", "readReadiness", "Whether the server is ready to work")
            .says("How each backend is. With the store down it is not ready; with anything else down it is degraded.")
            .free()
            .shows::<shape::Health>("It works, perhaps without some of what is behind it.")
            .unready::<shape::Health>("The store is down."),
        get("/metrics", "readMetrics", "What was counted")
            .says("For this machine, or for whoever shows the token that the setting METRICS_TOKEN names.")
            .free()
            .access(Access::Metrics)
            .refuses(&[Forbidden])
            .writes("text/plain", "The numbers, as Prometheus reads them."),
        json_document("/openapi.json", "readOpenapi", "This document"),
        json_document("/asyncapi.json", "readAsyncapi", "The protocol of the WebSocket"),
        get("/.well-known/jwks.json", "readKeys", "What access tokens may be checked with")
            .says("Empty where they are signed with a secret.")
            .answers(200, "A JWK Set.", Some(Content::other_json(key_set))),
        fixed(get("/", "readPage", "The web client").free().writes("text/html", "The page.")),
        part("/docs", "readDocs", "text/html"),
        part("/docs/swagger-ui.css", "readDocsStyle", "text/css"),
        part("/docs/swagger-ui-bundle.js", "readDocsViewer", "text/javascript"),
        part("/docs/start.js", "readDocsScript", "text/javascript"),
    ]
}

fn key_set(_: &mut Schemas) -> Value {
    let keys = json!({ "type": "array", "items": { "type": "object" } });
    json!({ "type": "object", "properties": { "keys": keys }, "required": ["keys"] })
}

fn json_document(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    fixed(get(path, id, summary).answers(
        200,
        "The document.",
        Some(Content::other_json(|_| json!({ "type": "object" }))),
    ))
}

fn part(path: &'static str, id: &'static str, kind: &'static str) -> Operation {
    let operation = get(path, id, "This document, to look at and to try");
    fixed(operation.writes(kind, "The page, or a part of it."))
}

/// It stays the same until the server is another one.
fn fixed(operation: Operation) -> Operation {
    operation
        .with_header("ETag")
        .answers(304, "It is what `If-None-Match` names.", None)
        .with_header("ETag")
}
