//! Conversations to be summarised.

use acceptance::Person;
use reqwest::Method;
use reqwest::header::ACCEPT;
use serde_json::{Value, json};

/// A conversation that is worth a summary.
pub(super) const TALK: [&str; 6] = [
    "The importer lost the attachments of three rooms last night.",
    "Which rooms are these? Can we bring the attachments back?",
    "All of them are in the backup, I restore them this afternoon.",
    "Decision: the release moves to Friday, and the importer gets a test.",
    "ok",
    "@ben please write the test for the importer.",
];

/// A room of ana's in which ben and others missed the conversation.
pub(super) async fn missed_by(ana: &Person, others: &[&Person]) -> String {
    let room = ana.makes_room("tertulia").await;
    for person in others {
        person.joins(&room).await;
    }
    for text in TALK {
        ana.posts(&room, text).await;
    }
    room
}

/// A room of ana's with a long conversation, and the seq near its beginning that mentions ben in passing.
pub(super) async fn long_talk(ana: &Person, others: &[&Person]) -> (String, i64) {
    let room = ana.makes_room("tertulia").await;
    for person in others {
        person.joins(&room).await;
    }
    for number in 1..=44 {
        let text = match number {
            4 => "@ben the blue folder was yours.".to_owned(),
            _ => format!("Decision {number}: team {number} ships release {number} on Friday."),
        };
        ana.posts(&room, &text).await;
    }
    (room, 4)
}

/// Requests a summary of what a user missed.
pub(super) async fn missed(who: &Person, room: &str, query: &str) -> Value {
    let path = format!("/api/rooms/{room}/summary{query}");
    who.get(&path).await.expect(200)
}

/// The seqs that a summary cites.
pub(super) fn cited(summary: &Value) -> Vec<i64> {
    let bullets = summary["bullets"].as_array().unwrap().iter();
    let seqs = bullets.flat_map(|bullet| bullet["seqs"].as_array().unwrap());
    seqs.map(|seq| seq.as_i64().unwrap()).collect()
}

/// All texts of a summary.
pub(super) fn texts(summary: &Value) -> String {
    let bullets = summary["bullets"].as_array().unwrap().iter();
    let texts = bullets.map(|bullet| bullet["text"].as_str().unwrap());
    let whole = [summary["summary"].as_str().unwrap()];
    whole
        .into_iter()
        .chain(texts)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A summary as it is streamed: each event's name and data.
pub(super) async fn streamed(who: &Person, room: &str) -> Vec<(String, Value)> {
    let path = format!("/api/rooms/{room}/summary");
    let request = who
        .request(Method::GET, &path)
        .header(ACCEPT, "text/event-stream");
    let answer = who.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(
        answer
            .header("content-type")
            .starts_with("text/event-stream")
    );
    let blocks = answer.text.split("\n\n").filter(|block| !block.is_empty());
    let events = blocks.filter(|block| !block.starts_with(':')).map(|block| {
        let (name, data) = block.split_once('\n').unwrap();
        let name = name.strip_prefix("event: ").unwrap();
        let data = data.strip_prefix("data: ").unwrap();
        (name.to_owned(), serde_json::from_str(data).unwrap())
    });
    events.collect()
}

/// The text of all pieces, and the final event.
pub(super) fn put_together(mut events: Vec<(String, Value)>) -> (String, Value) {
    let (name, end) = events.pop().unwrap();
    assert_eq!(name, "done", "{end}");
    let mut text = String::new();
    for (name, piece) in events {
        assert_eq!(name, "delta");
        text.push_str(piece["text"].as_str().unwrap());
    }
    (text, end)
}

/// Marks everything as read.
pub(super) async fn reads_everything(who: &Person, room: &str) {
    who.put(&format!("/api/messages/read/{room}"))
        .await
        .expect(200);
}

/// Deletes a message.
pub(super) async fn deletes(who: &Person, message: &Value) {
    let id = message["id"].as_str().unwrap();
    who.delete(&format!("/api/messages/{id}")).await.expect(200);
}

/// Edits a message.
pub(super) async fn edits(who: &Person, message: &Value, content: &str) {
    let id = message["id"].as_str().unwrap();
    let change = json!({ "content": content });
    who.patch(&format!("/api/messages/{id}"), change)
        .await
        .expect(200);
}
