//! A client that writes, reads, comes and goes, and repeats what was not acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use acceptance::{Dice, Heard, Person, Replica, Socket};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use super::harbour::Signs;
use super::orders::Orders;

/// The progress of all sailors.
#[derive(Default)]
pub(super) struct Tally {
    /// The number of acknowledged messages.
    pub(super) acked: AtomicUsize,
    /// The number of sailors that have nothing more to send.
    pub(super) quiet: AtomicUsize,
}

/// What one sailor has seen and done.
pub(super) struct Sailor {
    pub(super) person: Person,
    pub(super) rooms: Vec<String>,
    pub(super) replica: Replica,
    /// The acknowledged messages, by their `clientId`.
    pub(super) acked: BTreeMap<Uuid, String>,
    /// Violations.
    pub(super) faults: Vec<String>,
    pub(super) voyages: usize,
    dice: Dice,
    signs: Signs,
    /// Those that have nothing left to send.
    tally: Arc<Tally>,
    is_quiet: bool,
    /// What has to be sent, possibly again.
    unsent: BTreeMap<Uuid, Value>,
    /// Sent on this connection, and not acknowledged.
    asked: BTreeMap<u64, Uuid>,
    frames: u64,
}

/// The answer to "are you still connected?".
type Aboard = bool;

impl Sailor {
    pub(super) fn new(
        person: Person,
        rooms: Vec<String>,
        dice: Dice,
        signs: Signs,
        tally: Arc<Tally>,
    ) -> Self {
        let names: Vec<_> = rooms.iter().map(String::as_str).collect();
        Self {
            replica: Replica::of(&names),
            person,
            rooms,
            acked: BTreeMap::new(),
            faults: Vec::new(),
            voyages: 0,
            dice,
            signs,
            tally,
            is_quiet: false,
            unsent: BTreeMap::new(),
            asked: BTreeMap::new(),
            frames: 0,
        }
    }

    /// Sails until the storm is over and everything was seen.
    pub(super) async fn sail(mut self, orders: watch::Receiver<Orders>) -> Self {
        while !self.has_seen_all(&orders) {
            let Some(mut socket) = self.boards().await else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            self.voyages += 1;
            while self.goes_on(&mut socket, &orders).await {}
        }
        self
    }

    fn has_seen_all(&self, orders: &watch::Receiver<Orders>) -> bool {
        let Orders::Over(revs) = &*orders.borrow() else {
            return false;
        };
        self.rooms
            .iter()
            .all(|room| self.replica.rev(room) >= revs.get(room).copied())
    }

    /// Connects to any node and resumes.
    async fn boards(&mut self) -> Option<Socket> {
        let node = self.signs.any(&mut self.dice);
        self.person = self.person.clone().at(&node);
        let mut socket = self.person.hopes_to_connect().await?;
        self.replica.ready(&socket.is_ready().await);
        self.asked.clear();
        let mut subscribe = self.replica.subscribe();
        subscribe["id"] = json!(0);
        if !socket.hopes_to_tell(&subscribe).await {
            return None;
        }
        loop {
            match socket.hears(Duration::from_mins(1)).await {
                Heard::Frame(frame) if frame["id"] == 0 => {
                    return self.resumed(&frame).await.then_some(socket);
                }
                Heard::Frame(frame) => self.replica.take(&frame),
                Heard::End(_) => return None,
                Heard::Nothing => {
                    self.faults.push("a resume took too long".to_owned());
                    return None;
                }
            }
        }
    }

    async fn resumed(&mut self, answer: &Value) -> bool {
        if answer["type"] != "ack" {
            // It may be told to try again.
            self.must_be_temporary(answer);
            return false;
        }
        self.replica.subscribed(answer);
        for room in self.replica.stale() {
            self.replica.reload(&room, &self.person).await;
        }
        true
    }

    fn must_be_temporary(&mut self, error: &Value) {
        let code = error["code"].as_str();
        if !matches!(code, Some("unavailable" | "overloaded" | "rate_limited")) {
            self.faults.push(error.to_string());
        }
    }

    /// One step, which ends when there is nothing to wait for.
    async fn goes_on(&mut self, socket: &mut Socket, orders: &watch::Receiver<Orders>) -> Aboard {
        let now = orders.borrow().clone();
        let acted = match now {
            Orders::Storm => self.acts(socket).await,
            Orders::Calm | Orders::Over(_) => true,
        };
        if !acted || !self.sends_what_is_unsent(socket).await {
            return false;
        }
        if !matches!(now, Orders::Storm) && self.unsent.is_empty() && !self.is_quiet {
            self.is_quiet = true;
            self.tally.quiet.fetch_add(1, Ordering::Relaxed);
        }
        let pause = match now {
            Orders::Storm => 100 + self.dice.below(900),
            Orders::Calm | Orders::Over(_) => 20,
        };
        let pause = Duration::from_millis(u64::try_from(pause).unwrap());
        self.listens(socket, pause).await && !self.has_seen_all(orders)
    }

    async fn sends_what_is_unsent(&mut self, socket: &mut Socket) -> Aboard {
        let asked: BTreeSet<_> = self.asked.values().copied().collect();
        let unsent = self.unsent.clone();
        for (name, mut frame) in unsent {
            if asked.contains(&name) {
                continue;
            }
            self.frames += 1;
            frame["id"] = json!(self.frames);
            self.asked.insert(self.frames, name);
            if !socket.hopes_to_tell(&frame).await {
                return false;
            }
        }
        true
    }

    /// Does one random thing.
    async fn acts(&mut self, socket: &mut Socket) -> Aboard {
        match self.dice.below(20) {
            0 => return false,
            1..=12 => self.writes(),
            other => {
                if let Some(frame) = self.change(other) {
                    return socket.hopes_to_tell(&frame).await;
                }
            }
        }
        true
    }

    fn writes(&mut self) {
        let name = Uuid::now_v7();
        let room = self.dice.one(&self.rooms).clone();
        let text = format!("{} {}", self.person.username, self.dice.any());
        let frame = json!({ "type": "send", "roomId": room, "content": text, "clientId": name });
        self.unsent.insert(name, frame);
    }

    /// A change to one of the last messages. It has no id: whether it succeeded shows in the room.
    fn change(&mut self, what: usize) -> Option<Value> {
        let room = self.dice.one(&self.rooms).clone();
        let own = self.acked.len().checked_sub(1 + self.dice.below(5))?;
        let own = self.acked.values().nth(own)?;
        let number = self.dice.any();
        Some(match what {
            13..=15 => {
                json!({ "type": "edit", "messageId": own, "content": format!("edited {number}") })
            }
            16 => json!({ "type": "delete", "messageId": own }),
            _ => {
                let said = self.replica.messages(&room).pop()?;
                let on = !number.is_multiple_of(3);
                json!({ "type": "react", "messageId": said["id"], "emoji": "👍", "on": on })
            }
        })
    }

    /// Handles what arrives for a while.
    async fn listens(&mut self, socket: &mut Socket, pause: Duration) -> Aboard {
        let end = Instant::now() + pause;
        loop {
            match socket
                .hears(end.saturating_duration_since(Instant::now()))
                .await
            {
                Heard::Frame(frame) => self.takes(&frame),
                Heard::Nothing => return true,
                Heard::End(_) => return false,
            }
        }
    }

    fn takes(&mut self, frame: &Value) {
        let asked = frame["id"].as_u64().and_then(|id| self.asked.remove(&id));
        match (frame["type"].as_str(), asked) {
            (Some("ack"), Some(name)) => {
                self.unsent.remove(&name);
                let id = frame["message"]["id"].as_str().unwrap().to_owned();
                self.acked.insert(name, id);
                self.tally.acked.fetch_add(1, Ordering::Relaxed);
            }
            // The message to be changed may have been deleted.
            (Some("error"), None) if frame["code"] == "message_deleted" => {}
            (Some("error"), _) => self.must_be_temporary(frame),
            _ => self.replica.take(frame),
        }
    }
}
