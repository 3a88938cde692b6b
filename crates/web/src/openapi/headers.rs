//! Headers of answers.

use serde_json::{Value, json};

/// Every header that an answer may have, by name.
#[expect(clippy::too_many_lines, reason = "a list has no parts")]
pub(super) fn all() -> Value {
    json!({
        "x-request-id": {
            "description": "The request's name, as the log knows it. A well-formed one of the client's is kept.",
            "required": true,
            "schema": { "type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,128}$" },
            "example": "0195b4a0-0000-7000-8000-00000000000a",
        },
        "Location": {
            "description": "Where it will be found.",
            "required": true,
            "schema": { "type": "string", "format": "uri-reference" },
            "example": "/api/rooms/0195b4a0-0000-7000-8000-000000000003",
        },
        "RateLimit": {
            "description": "What is left of each limit, and in how many seconds it is whole again. Missing where there is no limit.",
            "schema": { "type": "string" },
            "example": "\"user\";r=599;t=60",
        },
        "RateLimit-Policy": {
            "description": "Each limit: how many in how many seconds. Missing where there is no limit.",
            "schema": { "type": "string" },
            "example": "\"user\";q=600;w=60",
        },
        "Retry-After": {
            "description": "After how many seconds to try again.",
            "required": true,
            "schema": { "type": "integer", "minimum": 0 },
            "example": 5,
        },
        "WWW-Authenticate": {
            "description": "How to prove who you are.",
            "required": true,
            "schema": { "type": "string", "const": "Bearer" },
            "example": "Bearer",
        },
        "Set-Cookie": {
            "description": "The refresh token for browsers, where it was asked for: HttpOnly, SameSite=Strict, Path=/api/auth. Signing out takes it away.",
            "schema": { "type": "string" },
            "example": "tertulia_refresh=…; HttpOnly; SameSite=Strict; Path=/api/auth",
        },
        "ETag": {
            "description": "Changes with the document.",
            "schema": { "type": "string" },
            "example": "\"5d41402abc4b2a76\"",
        },
        "Content-Disposition": {
            "description": "What the file is called, and whether a browser may show it by itself.",
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
            "description": "The methods that the address answers to.",
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
