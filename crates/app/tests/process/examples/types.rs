//! The wire types of the TypeScript client match those of the server.

use std::fs;

use serde_json::Value;

use super::install::root;
use crate::server::Server;

/// Each schema of the document, by its name in the client.
const SHAPES: [(&str, &str); 18] = [
    ("User", "User"),
    ("Room", "Room"),
    ("Standing", "Membership"),
    ("Member", "Member"),
    ("Media", "Media"),
    ("Message", "Message"),
    ("MessagePage", "MessagePage"),
    ("Tokens", "Tokens"),
    ("Cursors", "Cursors"),
    ("Changes", "Changes"),
    ("SearchHit", "Hit"),
    ("Summary", "Summary"),
    ("SummaryBullet", "Bullet"),
    ("Invite", "Invite"),
    ("InvitePreview", "InvitePreview"),
    ("Ban", "Ban"),
    ("Session", "Session"),
    ("Receipts", "Receipts"),
];
/// Aliases of `accessToken`, which the client does not use.
const LEFT_OUT: [&str; 2] = ["token", "access_token"];

#[tokio::test]
async fn the_types_are_those_of_the_documents() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let read = async |path: &str| -> Value { server.client().get(path).await.expect(200) };
    let source = source();

    let openapi = read("/openapi.json").await;
    for (shape, name) in SHAPES {
        let schema = &openapi["components"]["schemas"][shape];
        let fields = interface(&source, name);
        let required: Vec<&str> = words(&schema["required"]);
        for field in schema["properties"].as_object().unwrap().keys() {
            let mark = ["?", ""][usize::from(required.contains(&field.as_str()))];
            let said = format!(" {field}{mark}: ");
            let left_out = LEFT_OUT.contains(&field.as_str());
            assert!(
                left_out || fields.contains(&said),
                "{said:?} of {name}: {fields}"
            );
        }
    }
    let codes = openapi["components"]["schemas"]["ErrorCode"]["oneOf"].as_array();
    let codes = codes.unwrap().iter().map(|it| it["const"].as_str());
    let codes: Vec<&str> = codes.map(Option::unwrap).collect();
    assert!(codes.len() > 20, "{codes:?}");
    let asyncapi = read("/asyncapi.json").await;
    let messages = asyncapi["components"]["messages"].as_object().unwrap();
    let of_server = messages.iter().filter(|(key, _)| key.starts_with("server"));
    let frames: Vec<&str> = of_server
        .filter_map(|(_, it)| it["name"].as_str())
        .collect();
    assert!(frames.len() > 20, "{frames:?}");
    for word in codes.iter().chain(&frames) {
        let word = format!("\"{word}\"");
        assert!(source.contains(&word), "the client does not know {word}");
    }
    assert!(server.stop().0);
}

/// The source of the client, as one text.
fn source() -> String {
    let folder = fs::read_dir(root().join("clients/typescript/src")).unwrap();
    let files = folder.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    files.collect()
}

fn words(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|it| it.as_str().unwrap()).collect()
}

/// The text between the braces of an interface.
fn interface<'a>(source: &'a str, name: &str) -> &'a str {
    let opening = format!("export interface {name} {{");
    let (_, rest) = source.split_once(&opening).unwrap();
    let end = rest.find("\n}").into_iter().chain(rest.find(" }\n")).min();
    rest.get(..end.unwrap()).unwrap()
}
