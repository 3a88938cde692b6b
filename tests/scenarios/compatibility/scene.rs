//! Common setups.

use acceptance::{Client, Person, World};
use serde_json::{Value, json};

pub(super) const PASSWORD: &str = "Correct-horse-1";

/// A user of one system's client, which keeps only the token, from the field that this system uses.
pub(super) fn signed_in(visitor: Client, tokens: &Value, token: &str) -> (Client, String) {
    let user = text(&tokens["user"]["id"]);
    (visitor.with_token(&text(&tokens[token])), user)
}

/// Asserts that a value is a string, and returns it.
pub(super) fn text(value: &Value) -> String {
    let found = value.as_str();
    found
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// One field of each element of a list.
pub(super) fn each(list: &Value, pointer: &str) -> Vec<String> {
    let list = list
        .as_array()
        .unwrap_or_else(|| panic!("{list} is no list"));
    let field = |one: &Value| text(one.pointer(pointer).unwrap_or(&Value::Null));
    list.iter().map(field).collect()
}

/// Ana, Ben, and a room with both of them.
pub(super) async fn two_in_a_room(world: &World) -> (Person, Person, String) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    (ana, ben, room)
}

/// The direct room of two users.
pub(super) async fn conversation(one: &Person, other: &Person) -> String {
    let with = json!({ "participantIds": [other.id] });
    let room = one.post("/api/chat", with).await.expect(201);
    text(&room["id"])
}
