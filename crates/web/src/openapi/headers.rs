//! Headers of responses.

use serde_json::{Value, json};

/// Every header that a response may have, by name.
#[expect(clippy::too_many_lines, reason = "a list has no parts")]
pub(super) fn all() -> Value {
    json!({
        "x-request-id": {
            "description": "The request's id, as in the server's log. A well-formed id sent by the client is kept.",
            "required": true,
            "schema": { "type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,128}$" },
            "example": "0195b4a0-0000-7000-8000-00000000000a",
        },
        "Location": {
            "description": "The path of the created resource.",
            "required": true,
            "schema": { "type": "string", "format": "uri-reference" },
            "example": "/api/rooms/0195b4a0-0000-7000-8000-000000000003",
        },
        "RateLimit": {
            "description": "What is left of a rate limit, and in how many seconds it resets: of the operation's own limit if it has one, otherwise of the limit on all requests, and always of the one that refused the request. Absent without limits.",
            "schema": { "type": "string" },
            "example": "\"user\";r=599;t=60",
        },
        "RateLimit-Policy": {
            "description": "The same rate limit: how many in how many seconds. Absent without limits.",
            "schema": { "type": "string" },
            "example": "\"user\";q=600;w=60",
        },
        "Retry-After": {
            "description": "After how many seconds to retry.",
            "required": true,
            "schema": { "type": "integer", "minimum": 0 },
            "example": 5,
        },
        "WWW-Authenticate": {
            "description": "How to authenticate.",
            "required": true,
            "schema": { "type": "string", "const": "Bearer" },
            "example": "Bearer",
        },
        "Set-Cookie": {
            "description": "The refresh token for browsers, if asked for: HttpOnly, SameSite=Strict, Path=/api/auth. Signing out deletes it.",
            "schema": { "type": "string" },
            "example": "tertulia_refresh=…; HttpOnly; SameSite=Strict; Path=/api/auth",
        },
        "ETag": {
            "description": "Changes with the document.",
            "schema": { "type": "string" },
            "example": "\"5d41402abc4b2a76\"",
        },
        "Content-Disposition": {
            "description": "The file's name, and whether a browser may display it.",
            "required": true,
            "schema": { "type": "string", "pattern": "^(inline|attachment); filename=" },
            "example": "inline; filename=\"map.png\"; filename*=UTF-8''map.png",
        },
        "Content-Range": {
            "description": "Which bytes these are.",
            "required": true,
            "schema": { "type": "string", "pattern": "^bytes [0-9]+-[0-9]+/[0-9]+$" },
            "example": "bytes 0-99/4096",
        },
        "Allow": {
            "description": "The methods that this path supports.",
            "required": true,
            "schema": { "type": "string" },
            "example": "OPTIONS, GET, HEAD",
        },
    })
}

/// References to some of them.
pub(super) fn some(names: impl IntoIterator<Item = &'static str>) -> Value {
    names
        .into_iter()
        .map(|name| {
            let place = format!("#/components/headers/{name}");
            (name.to_owned(), json!({ "$ref": place }))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}
