//! What most of these scenarios begin with.

use acceptance::{Client, Person, World};
use serde_json::{Value, json};

pub(super) const PASSWORD: &str = "Correct-horse-1";

/// Somebody who keeps only what one system's clients keep: the token, under the name that they read.
pub(super) fn signed_in(visitor: Client, tokens: &Value, token: &str) -> (Client, String) {
    let user = text(&tokens["user"]["id"]);
    (visitor.with_token(&text(&tokens[token])), user)
}

/// A text that must be one.
pub(super) fn text(value: &Value) -> String {
    let found = value.as_str();
    found
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// One field of everything in a list.
pub(super) fn each(list: &Value, pointer: &str) -> Vec<String> {
    let list = list
        .as_array()
        .unwrap_or_else(|| panic!("{list} is no list"));
    let field = |one: &Value| text(one.pointer(pointer).unwrap_or(&Value::Null));
    list.iter().map(field).collect()
}

/// Ana, Ben and the room that both are in.
pub(super) async fn two_in_a_room(world: &World) -> (Person, Person, String) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    (ana, ben, room)
}

/// The direct room of two.
pub(super) async fn conversation(one: &Person, other: &Person) -> String {
    let with = json!({ "participantIds": [other.id] });
    let room = one.post("/api/chat", with).await.expect(201);
    text(&room["id"])
}
