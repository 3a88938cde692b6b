//! What other programs ask of the server, and what it says about itself.

use protocol::ErrorCode::{
    Forbidden, Malformed, SessionRevoked, TokenExpired, TooMany, Unauthenticated,
};
use protocol::schema::Schemas;
use protocol::shape;
use serde_json::{Value, json};

use super::content::Content;
use super::operation::{Access, Operation, get};

/// Operations on the server itself.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/ws", "openSocket", "Open a WebSocket")
            .says("Delivers everything that happens, in order and each change once. `/asyncapi.json` describes the protocol.")
            .access(Access::Socket)
            .refuses(&[Malformed, Unauthenticated, TokenExpired, SessionRevoked, Forbidden, TooMany])
            .answers(101, "A WebSocket from here on.", None),
        get("/health", "readHealth", "Read the server's health")
            .says("The same as `/health/ready`.")
            .free()
            .shows::<shape::Health>("The server works, possibly without some of its backends.")
            .unready::<shape::Health>("The store is down."),
        get("/health/live", "readLiveness", "Check that the server is alive")
            .free()
            .shows::<shape::Health>("The server is alive."),
        get("/health/ready", "readReadiness", "Check that the server is ready")
            .says("The health of each backend. Without the store the server is not ready; without any other backend it is degraded.")
            .free()
            .shows::<shape::Health>("The server works, possibly without some of its backends.")
            .unready::<shape::Health>("The store is down."),
        get("/metrics", "readMetrics", "Read the metrics")
            .says("From the same machine, or with the token in the setting METRICS_TOKEN.")
            .free()
            .access(Access::Metrics)
            .refuses(&[Forbidden])
            .writes("text/plain", "The metrics, in Prometheus's text format."),
        json_document("/openapi.json", "readOpenapi", "This document"),
        json_document("/asyncapi.json", "readAsyncapi", "The protocol of the WebSocket"),
        get("/.well-known/jwks.json", "readKeys", "Read the keys that verify access tokens")
            .says("Empty if tokens are signed with a secret.")
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
    let operation = get(path, id, "This document, as an interactive page");
    fixed(operation.writes(kind, "The page, or one of its files."))
}

/// The response stays the same until the server is upgraded.
fn fixed(operation: Operation) -> Operation {
    operation
        .with_header("ETag")
        .answers(304, "The content is what `If-None-Match` names.", None)
        .with_header("ETag")
}
