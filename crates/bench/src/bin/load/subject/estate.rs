//! People and rooms.

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::thread;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::http::Http;

/// Requests that are under way at once.
const HANDS: usize = 8;

/// Who there shall be, and who belongs to which room.
pub(crate) struct Plan {
    pub(crate) people: usize,
    /// The members of each room, by number.
    pub(crate) rooms: Vec<Vec<usize>>,
}

/// Who there is.
pub(crate) struct Estate {
    /// What lets each of them in, where something has to.
    pub(crate) tokens: Vec<Option<String>>,
    /// The names of the rooms.
    pub(crate) rooms: Vec<String>,
}

impl Estate {
    pub(crate) fn token(&self, person: usize) -> Option<String> {
        self.tokens.get(person).cloned().flatten()
    }

    pub(crate) fn room(&self, number: usize) -> &str {
        self.rooms.get(number).map_or("", |room| room)
    }
}

/// Where nobody has an account, whoever comes is somebody, and whatever is named is a room.
pub(super) fn pretend(plan: &Plan) -> Estate {
    let rooms = 0..plan.rooms.len();
    Estate {
        tokens: vec![None; plan.people],
        // As long as the names elsewhere.
        rooms: rooms
            .map(|room| format!("00000000-0000-7000-8000-{room:012}"))
            .collect(),
    }
}

/// Registers everybody, makes the rooms, and has the members join.
pub(super) fn found(server: SocketAddr, plan: &Plan) -> anyhow::Result<Estate> {
    let people: Vec<usize> = (0..plan.people).collect();
    let tokens = all(server, &people, |http, person| register(http, *person))?;
    let token = |person: usize| -> anyhow::Result<&str> {
        Ok(tokens.get(person).context("nobody has this number")?)
    };
    let rooms = all(server, &plan.rooms, |http, members| {
        let owner = members.first().context("a room has an owner")?;
        let room = http.post("/api/rooms", token(*owner)?, &json!({ "name": "A room" }))?;
        text(&room, "id")
    })?;
    let joining: Vec<(&String, usize)> = rooms
        .iter()
        .zip(&plan.rooms)
        .flat_map(|(room, members)| members.iter().skip(1).map(move |member| (room, *member)))
        .collect();
    all(server, &joining, |http, (room, member)| {
        let path = format!("/api/rooms/{room}/join");
        http.post(&path, token(*member)?, &json!({}))
    })?;
    Ok(Estate {
        tokens: tokens.into_iter().map(Some).collect(),
        rooms,
    })
}

fn register(http: &mut Http, person: usize) -> anyhow::Result<String> {
    let name = format!("person{person}");
    let account = json!({
        "email": format!("{name}@example.org"),
        "password": "correct horse",
        "username": name,
    });
    text(&http.post("/api/auth/register", "", &account)?, "token")
}

/// A text of an answer.
pub(crate) fn text(answer: &Value, name: &str) -> anyhow::Result<String> {
    let text = answer.get(name).and_then(Value::as_str);
    Ok(text
        .with_context(|| format!("there is no {name} in {answer}"))?
        .to_owned())
}

/// Does the same for all items, several at a time, and keeps their order.
fn all<I: Sync, T: Send>(
    server: SocketAddr,
    items: &[I],
    call: impl Fn(&mut Http, &I) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Vec<T>> {
    let share = items.len().div_ceil(HANDS).max(1);
    thread::scope(|scope| {
        let hands: Vec<_> = items
            .chunks(share)
            .map(|items| {
                let call = &call;
                scope.spawn(move || -> anyhow::Result<Vec<T>> {
                    let mut http = Http::connect(server)?;
                    items.iter().map(|item| call(&mut http, item)).collect()
                })
            })
            .collect();
        let mut done = Vec::with_capacity(items.len());
        for hand in hands {
            done.extend(hand.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(done)
    })
}
