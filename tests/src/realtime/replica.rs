//! A client's copy of its rooms.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::Person;

/// A client's copy of rooms, updated by the rules of the protocol: every frame is an upsert by id, and the
/// higher rev wins. It records where the server violates the protocol.
#[derive(Default)]
pub struct Replica {
    rooms: BTreeMap<String, Copy>,
    epoch: Option<String>,
    faults: Vec<String>,
}

/// The copy of one room.
#[derive(Default)]
struct Copy {
    /// The last rev received. `None` before the first ack.
    rev: Option<i64>,
    messages: BTreeMap<String, Value>,
    members: BTreeMap<String, Value>,
    room: Option<Value>,
    /// Whether the server has sent a `reset`, so that the room must be reloaded.
    stale: bool,
}

impl Replica {
    /// An empty copy of these rooms, which requests everything that ever happened in them.
    pub fn of(rooms: &[&str]) -> Self {
        let from_the_beginning = || Copy {
            rev: Some(0),
            ..Copy::default()
        };
        Self {
            rooms: rooms
                .iter()
                .map(|room| ((*room).to_owned(), from_the_beginning()))
                .collect(),
            ..Self::default()
        }
    }

    /// The frame that resumes all rooms from their last revs.
    pub fn subscribe(&self) -> Value {
        let rooms: Map<_, _> = self
            .rooms
            .iter()
            .map(|(room, copy)| (room.clone(), json!(copy.rev)))
            .collect();
        match &self.epoch {
            Some(epoch) => json!({ "type": "subscribe", "rooms": rooms, "epoch": epoch }),
            None => json!({ "type": "subscribe", "rooms": rooms }),
        }
    }

    /// Takes the first frame of a connection.
    pub fn ready(&mut self, ready: &Value) {
        self.epoch = ready["epoch"].as_str().map(str::to_owned);
    }

    /// Takes the ack of [`Replica::subscribe`].
    pub fn subscribed(&mut self, ack: &Value) {
        for (room, told) in ack["rooms"].as_object().unwrap() {
            let Some(rev) = told["rev"].as_i64() else {
                self.fault(&format!("{room} was refused: {told}"));
                continue;
            };
            self.stands(room, rev, told["reset"] == true);
        }
    }

    /// Takes any other frame.
    pub fn take(&mut self, frame: &Value) {
        match frame["type"].as_str() {
            Some("message" | "member" | "room" | "skip") => self.upsert(frame),
            Some("resumed") => {
                let room = frame["roomId"].as_str().unwrap();
                let rev = frame["rev"].as_i64().unwrap();
                self.stands(room, rev, frame["reset"] == true);
            }
            _ => {}
        }
    }

    fn upsert(&mut self, frame: &Value) {
        let room = frame["roomId"].as_str().unwrap();
        let (rev, prev) = (frame["rev"].as_i64(), frame["prev"].as_i64());
        let Some(copy) = self.rooms.get_mut(room) else {
            return self.fault(&format!("{frame} is of a room that nobody asked for"));
        };
        if copy.stale {
            return self.fault(&format!("{frame} came before it was whole again"));
        }
        let stood = copy.rev;
        copy.rev = rev;
        match frame["type"].as_str() {
            Some("message") => keep(&mut copy.messages, &frame["message"], "/id"),
            Some("member") => keep(&mut copy.members, &frame["member"], "/user/id"),
            Some("room") => copy.room = Some(frame["room"].clone()),
            _ => {}
        }
        if prev != stood {
            self.fault(&format!("{frame} does not follow {stood:?}"));
        }
        if rev <= prev {
            self.fault(&format!("{frame} does not rise"));
        }
    }

    /// Handles the rev that the server reports after a replay.
    fn stands(&mut self, room: &str, rev: i64, reset: bool) {
        let Some(copy) = self.rooms.get_mut(room) else {
            return self.fault(&format!("{room} is a room that nobody asked for"));
        };
        let stood = copy.rev.replace(rev);
        if reset {
            copy.stale = true;
            copy.messages.clear();
            copy.members.clear();
            copy.room = None;
        } else if stood.is_some_and(|stood| stood != rev) {
            let fault = format!("{room} was replayed up to {stood:?}, and is said to be at {rev}");
            self.fault(&fault);
        }
    }

    fn fault(&mut self, what: &str) {
        self.faults.push(what.to_owned());
    }

    /// The rooms that must be reloaded.
    pub fn stale(&self) -> Vec<String> {
        let stale = self.rooms.iter().filter(|(_, copy)| copy.stale);
        stale.map(|(room, _)| room.clone()).collect()
    }

    /// Reloads a room over REST. The messages may be newer than the rev of the copy.
    pub async fn reload(&mut self, room: &str, reader: &Person) {
        let messages = history(reader, room).await;
        let copy = self.rooms.get_mut(room).unwrap();
        copy.stale = false;
        for message in &messages {
            keep(&mut copy.messages, message, "/id");
        }
    }

    /// The violations found so far.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// The last rev received of a room.
    pub fn rev(&self, room: &str) -> Option<i64> {
        self.rooms[room].rev
    }

    /// The messages of a room, the oldest first, without fields that differ per reader.
    pub fn messages(&self, room: &str) -> Vec<Value> {
        let mut messages: Vec<_> = self.rooms[room].messages.values().map(common).collect();
        messages.sort_by_key(|message| message["seq"].as_i64());
        messages
    }

    /// The members that it has received, and whether each of them is in the room.
    pub fn members(&self, room: &str) -> BTreeMap<String, bool> {
        let members = self.rooms[room].members.iter();
        members
            .map(|(id, member)| (id.clone(), member.get("leftAt").is_none()))
            .collect()
    }

    /// Asserts that it equals the history that this user reads, and that there were no violations.
    pub async fn must_equal_history(&self, room: &str, reader: &Person) {
        let expected: Vec<_> = history(reader, room).await.iter().map(common).collect();
        let found = self.messages(room);
        assert_eq!(self.faults, [""; 0], "in {room}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "in {room}");
        }
        assert_eq!(found.len(), expected.len(), "in {room}");
    }
}

fn keep(kept: &mut BTreeMap<String, Value>, value: &Value, id: &str) {
    let id = value.pointer(id).and_then(Value::as_str).unwrap();
    let known = kept.get(id).and_then(|known| known["rev"].as_i64());
    if known < value["rev"].as_i64() {
        kept.insert(id.to_owned(), value.clone());
    }
}

/// A message without the fields that differ per reader.
fn common(message: &Value) -> Value {
    let mut message = message.clone();
    message.as_object_mut().unwrap().remove("status");
    if let Some(reactions) = message["reactions"].as_array_mut() {
        for reaction in reactions {
            reaction.as_object_mut().unwrap().remove("mine");
        }
    }
    message
}

/// All messages of a room, the oldest first.
async fn history(reader: &Person, room: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let path = format!("/api/rooms/{room}/messages?limit=100&after={after}");
        let mut page = reader.get(&path).await.expect(200);
        let messages = page["messages"].take();
        let Value::Array(messages) = messages else {
            panic!("{page}");
        };
        let Some(last) = messages.last() else {
            return all;
        };
        after = last["seq"].as_i64().unwrap();
        all.extend(messages);
    }
}
