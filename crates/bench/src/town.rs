//! Users and rooms in a Postgres server that is started for the benchmark.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use adapter_postgres::{Options, PostgresStore};
use anyhow::{Context as _, ensure};
use domain::port::messages::{Appended, Fingerprint, NewMessage};
use domain::port::rooms::NewRoom;
use domain::port::users::NewUser;
use domain::port::{Messages, Rooms as _, Users as _};
use domain::{
    ClientId, DisplayName, Email, History, Id, MessageBody, PasswordHash, RoomId, RoomName,
    Timestamp, UserId, Username,
};
use servers::Postgres;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::Sample;

/// A user, and the room that they post to.
pub type Writer = (UserId, RoomId);

/// A Postgres server that syncs every commit to disk, with users who are members of rooms.
pub struct Town {
    server: Postgres,
    store: PostgresStore,
    writers: Vec<Writer>,
}

impl Town {
    /// Starts the server and creates `writers` users spread over `rooms` rooms. The store has a pool of
    /// `connections`.
    pub async fn found(writers: usize, rooms: usize, connections: usize) -> anyhow::Result<Self> {
        let server = Postgres::start_durable();
        let options = Options {
            connections,
            ..Options::default()
        };
        let store = PostgresStore::open(&server.url(), options).await?;
        let mut people = Vec::with_capacity(writers);
        for number in 0..writers {
            people.push(register(&store, number).await?);
        }
        let mut places: Vec<Writer> = Vec::with_capacity(writers);
        for first in 0..rooms.min(writers) {
            let others = people.iter().skip(first).step_by(rooms).copied();
            let members: Vec<UserId> = others.collect();
            let room = make_room(&store, &format!("room {first}"), &members).await?;
            places.extend(members.into_iter().map(|member| (member, room)));
        }
        Ok(Self {
            server,
            store,
            writers: places,
        })
    }

    /// The URL of the server.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The store.
    pub fn store(&self) -> Arc<PostgresStore> {
        Arc::new(self.store.clone())
    }

    /// All users, each with the room that they post to.
    pub fn writers(&self) -> &[Writer] {
        &self.writers
    }

    /// Makes one more room.
    pub(crate) async fn make_room(&self, name: &str, members: &[UserId]) -> anyhow::Result<RoomId> {
        make_room(&self.store, name, members).await
    }

    /// Lets `hands` tasks post for this long. Each posts in turn for its share of the writers, the next
    /// message as soon as the last one is acknowledged.
    pub async fn write(
        &self,
        messages: &Arc<dyn Messages>,
        hands: usize,
        span: Duration,
    ) -> anyhow::Result<Sample> {
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for hand in 0..hands {
            let share = self.writers.iter().skip(hand).step_by(hands).copied();
            let share: Vec<Writer> = share.collect();
            ensure!(!share.is_empty(), "there are more hands than writers");
            let messages = Arc::clone(messages);
            tasks.spawn(async move { write_until(&*messages, &share, started + span).await });
        }
        let mut calls = Vec::new();
        while let Some(done) = tasks.join_next().await {
            calls.extend(done??);
        }
        Ok(Sample::of(calls, started.elapsed()))
    }

    /// Closes the store and stops the server.
    pub async fn leave(self) {
        self.store.close().await;
    }
}

/// Posts message after message, and returns how long each acknowledgement took.
async fn write_until(
    messages: &dyn Messages,
    share: &[Writer],
    end: Instant,
) -> anyhow::Result<Vec<Duration>> {
    let mut calls = Vec::new();
    for (sender, room) in share.iter().cycle() {
        let before = Instant::now();
        if before >= end {
            break;
        }
        let answers = messages.append(&[new_message(*sender, *room)?]).await?;
        let answer = answers.into_iter().next().context("an answer")?;
        ensure!(matches!(answer, Appended::Stored(_)), "{answer:?}");
        calls.push(before.elapsed());
    }
    Ok(calls)
}

/// A message as clients send it: about a dozen words, and a unique client id.
pub(crate) fn new_message(sender: UserId, room: RoomId) -> anyhow::Result<NewMessage> {
    let number = next();
    let body = format!(
        "What did you think of act {} after scene {} in the house at number {}?",
        number % 5,
        number % 97,
        number % 9_973,
    );
    Ok(NewMessage {
        id: fresh(),
        room,
        sender,
        body: MessageBody::parse(body)?,
        client: Some((fresh::<ClientId>(), Fingerprint([7; 32]))),
        reply_to: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        at: moment(number),
        events: Vec::new(),
        only_for_webhooks: false,
    })
}

async fn register(store: &PostgresStore, number: usize) -> anyhow::Result<UserId> {
    let name = format!("writer{number}");
    let new = NewUser {
        id: fresh(),
        username: Username::parse(&name)?,
        display_name: DisplayName::parse(&name)?,
        email: Email::parse(format!("{name}@example.org"))?,
        password: PasswordHash::from_string("hash".to_owned()),
        at: moment(next()),
    };
    store.register(&new).await?;
    Ok(new.id)
}

async fn make_room(
    store: &PostgresStore,
    name: &str,
    members: &[UserId],
) -> anyhow::Result<RoomId> {
    let (owner, others) = members.split_first().context("a room has an owner")?;
    let new = NewRoom {
        id: fresh(),
        name: RoomName::parse(name)?,
        description: None,
        standing_invite: None,
        history: History::All,
        owner: *owner,
        members: others.to_vec(),
        unique_name: false,
        at: moment(next()),
        events: Vec::new(),
    };
    store.create(&new).await?;
    Ok(new.id)
}

fn next() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(1);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// An id like those that the server generates: ascending, with pseudorandom low bits.
fn fresh<T: Id>() -> T {
    let number = next();
    let chance = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    T::from_uuid(Uuid::from_u64_pair(number << 16, chance ^ (chance >> 29)))
}

fn moment(number: u64) -> Timestamp {
    let after = i64::try_from(number).unwrap_or_default();
    Timestamp::from_millis(1_700_000_000_000 + after)
}
