//! Ten thousand random malformed frames.

use acceptance::{Dice, Person, Replica, Socket, World, scenarios};
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::scene::{id, last_rev};

scenarios![ten_thousand_malformed_frames_do_no_harm];

const FRAMES: usize = 10_000;
const KINDS: [&str; 14] = [
    "auth",
    "subscribe",
    "unsubscribe",
    "send",
    "edit",
    "delete",
    "react",
    "read",
    "delivered",
    "typing",
    "presence",
    "ping",
    "dance",
    "",
];
const FIELDS: [&str; 14] = [
    "roomId",
    "messageId",
    "content",
    "clientId",
    "replyTo",
    "attachments",
    "seq",
    "on",
    "emoji",
    "rooms",
    "epoch",
    "token",
    "type",
    "id",
];

/// Generates frames.
struct Fuzzer {
    dice: Dice,
    /// Ids that exist in this world.
    ids: [String; 3],
    numbered: u64,
}

/// The required reaction to a frame.
#[derive(Debug, PartialEq)]
enum Fate {
    /// The connection is closed.
    Breach,
    /// There is a response with this id.
    Answer(u64),
    /// It has no usable id for a response.
    Silence,
}

impl Fuzzer {
    fn value(&mut self, depth: usize) -> Value {
        match self.dice.below(if depth == 0 { 9 } else { 11 }) {
            0 => Value::Null,
            1 => json!(self.dice.once_in(2)),
            2 => json!(self.dice.below(5)),
            3 => json!(self.dice.any()),
            4 => json!(-1),
            5 => json!(0.5),
            6 if self.dice.once_in(10) => json!("x".repeat(self.dice.below(9_000))),
            6 | 7 => {
                json!(
                    *self
                        .dice
                        .one(&["", " ", "\0", "\u{202e}👩‍👩‍👧", "'; --", "../..", "null"])
                )
            }
            8 => json!(self.dice.one(&self.ids.clone())),
            9 => (0..self.dice.below(4))
                .map(|_| self.value(depth - 1))
                .collect(),
            _ => (0..self.dice.below(4))
                .map(|_| {
                    (
                        self.dice.one(&self.ids.clone()).clone(),
                        self.value(depth - 1),
                    )
                })
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// A frame of any type with any fields, most of them wrong.
    fn frame(&mut self) -> Value {
        self.numbered += 1;
        let mut frame = json!({ "type": *self.dice.one(&KINDS), "id": self.numbered });
        for _ in 0..self.dice.below(6) {
            let field = *self.dice.one(&FIELDS[..FIELDS.len() - 2]);
            frame[field] = self.value(3);
        }
        if self.dice.once_in(20) {
            frame["id"] = self.value(1);
        }
        if self.dice.once_in(50) {
            frame["type"] = self.value(1);
        }
        frame
    }

    /// The text of a frame, possibly corrupted.
    fn text(&mut self) -> String {
        let text = self.frame().to_string();
        let mut letters: Vec<char> = text.chars().collect();
        match self.dice.below(8) {
            0 => letters.truncate(self.dice.below(letters.len())),
            1 => {
                let at = self.dice.below(letters.len());
                letters.remove(at);
            }
            2 => {
                let at = self.dice.below(letters.len());
                letters.insert(
                    at,
                    *self
                        .dice
                        .one(&['"', '{', '}', '[', '\\', '0', '\0', '\u{feff}']),
                );
            }
            3 if self.dice.once_in(10) => {
                return format!("{}{}", "[".repeat(500), "]".repeat(500));
            }
            _ => {}
        }
        letters.into_iter().collect()
    }
}

/// The reaction that the protocol requires.
fn fate(text: &str) -> Fate {
    let Ok(Value::Object(frame)) = serde_json::from_str(text) else {
        return Fate::Breach;
    };
    if !matches!(frame.get("type"), Some(Value::String(_))) {
        return Fate::Breach;
    }
    match frame.get("id").and_then(Value::as_u64) {
        Some(id) if id < 1 << 53 => Fate::Answer(id),
        _ => Fate::Silence,
    }
}

/// Sends the frames, and records the responses.
struct Thrower {
    ana: Person,
    socket: Socket,
    /// The frames that still need a response.
    awaited: Vec<(u64, String)>,
    posted: Vec<String>,
    breaches: usize,
}

impl Thrower {
    async fn throw(&mut self, text: &str) {
        let fate = fate(text);
        if fate == Fate::Breach || self.awaited.len() == 64 {
            self.collects().await;
        }
        self.socket.says(text).await;
        match fate {
            Fate::Breach => {
                let code = self.socket.ends().await;
                assert_eq!(code, Some(4503), "{text}");
                self.socket = self.ana.connects().await;
                self.breaches += 1;
            }
            Fate::Answer(number) => self.awaited.push((number, text.to_owned())),
            Fate::Silence => {}
        }
    }

    /// Waits for the responses to all frames that were sent.
    async fn collects(&mut self) {
        for (number, text) in self.awaited.split_off(0) {
            let reply = self.socket.reply(number, json!(text)).await;
            if text.contains(r#""type":"send""#) && reply.is_done() {
                self.posted.push(id(&reply.message()));
            }
        }
    }

    /// Asserts that there were no further responses, and that the connection still works.
    async fn checks(&mut self) {
        self.collects().await;
        let heard = self.socket.so_far().await;
        let answers = |frame: &&Value| {
            matches!(frame["type"].as_str(), Some("ack" | "error" | "pong"))
                && frame.get("id").is_some()
        };
        assert_eq!(heard.iter().find(answers), None);
    }
}

async fn ten_thousand_malformed_frames_do_no_harm(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let (room, den) = (
        ana.makes_room("tertulia").await,
        ben.makes_room("den").await,
    );
    let secret = ben.posts(&den, "leave it alone").await;
    let untouched = last_rev(&ben, &den).await;
    let mut fuzzer = Fuzzer {
        dice: Dice::new(20_260),
        ids: [room.clone(), den.clone(), id(&secret)],
        // Different from the ids that sockets choose themselves.
        numbered: 1 << 40,
    };
    let socket = ana.connects().await;
    let mut thrower = Thrower {
        ana: ana.clone(),
        socket,
        awaited: Vec::new(),
        posted: Vec::new(),
        breaches: 0,
    };
    for number in 0..FRAMES {
        let mut text = fuzzer.text();
        // A new connection is expensive, so only some of the frames may close one.
        while fate(&text) == Fate::Breach && !fuzzer.dice.once_in(4) {
            text = fuzzer.text();
        }
        thrower.throw(&text).await;
        if number % 500 == 0 {
            thrower.checks().await;
        }
    }
    thrower.checks().await;
    let bytes: Vec<_> = (0..200)
        .map(|_| fuzzer.dice.any().to_le_bytes()[0])
        .collect();
    thrower.socket.sends(Message::binary(bytes)).await;
    thrower.socket.ends_with(4503).await;
    assert!(thrower.breaches > 100, "{}", thrower.breaches);

    assert_eq!(last_rev(&ben, &den).await, untouched);
    let mut replica = Replica::of(&[&room]);
    replica.reload(&room, &ana).await;
    let kept: Vec<_> = replica.messages(&room).iter().map(id).collect();
    for posted in &thrower.posted {
        let copies = kept.iter().filter(|it| *it == posted).count();
        assert_eq!(copies, 1, "{posted} was acked");
    }
    ben.joins(&room).await;
    let mut socket = ben.connects().await;
    socket.posts(&room, "well?").await;
}
