//! Users who post as fast as their messages are acknowledged.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use app::keys::Keys;
use app::settings::{Environment, load};
use app::wiring::House;
use application::account::NewAccount;
use application::messages::NewPost;
use application::rooms::{Door, RoomPlan};
use application::{Caller, UseCases};
use domain::{Email, History, MessageBody, Password, RoomId, RoomName, SessionOrigin, Username};
use tokio::task::JoinSet;

use crate::Sample;

/// Rooms that the writers are spread over.
const ROOMS: usize = 8;

/// The use cases on SQLite, without an HTTP server, and users in rooms.
pub struct Crowd {
    house: House,
    writers: Vec<(Caller, RoomId)>,
}

impl Crowd {
    /// Creates this many users in a fresh database in `folder`.
    pub async fn gather(folder: &Path, writers: usize) -> anyhow::Result<Self> {
        let data = folder.to_str().context("the folder's name is no text")?;
        // The test profile has no rate limits and the cheapest password hashes; neither is being measured.
        let environment: Environment = [("PROFILE", "test"), ("DATA_DIR", data)]
            .into_iter()
            .collect();
        let settings = load(&environment, Path::new("/nowhere"))?;
        let keys = Keys::find(&settings)?;
        let house = House::build(&settings, &keys).await?;

        let mut rooms = Vec::new();
        let mut people = Vec::new();
        for number in 0..writers {
            let caller = register(&house.use_cases, number).await?;
            if number < ROOMS {
                rooms.push(make_room(&house.use_cases, caller, number).await?);
            }
            let room = *rooms
                .get(number % ROOMS)
                .or_else(|| rooms.first())
                .context("there is a room")?;
            let door = Door::Room(room, None);
            house.use_cases.join_room.run(&caller, door).await?;
            people.push((caller, room));
        }
        Ok(Self {
            house,
            writers: people,
        })
    }

    /// Lets the first `writers` users post for this long, each of them the next message as soon as the last
    /// one is acknowledged.
    pub async fn write(&self, writers: usize, span: Duration) -> anyhow::Result<Sample> {
        ensure!(writers <= self.writers.len(), "the crowd is smaller");
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for &(caller, room) in self.writers.iter().take(writers) {
            let use_cases = Arc::clone(&self.house.use_cases);
            tasks.spawn(async move { write_until(&use_cases, caller, room, started + span).await });
        }
        let mut calls = Vec::new();
        while let Some(done) = tasks.join_next().await {
            calls.extend(done??);
        }
        Ok(Sample::of(calls, started.elapsed()))
    }

    /// Closes the database.
    pub async fn disperse(self) {
        self.house.close().await;
    }
}

/// Posts message after message, and returns how long each acknowledgement took.
async fn write_until(
    use_cases: &UseCases,
    caller: Caller,
    room: RoomId,
    end: Instant,
) -> anyhow::Result<Vec<Duration>> {
    let mut calls = Vec::new();
    while Instant::now() < end {
        calls.push(post(use_cases, caller, room).await?);
    }
    Ok(calls)
}

/// Posts one message, and returns how long its acknowledgement took.
async fn post(use_cases: &UseCases, caller: Caller, room: RoomId) -> anyhow::Result<Duration> {
    let before = Instant::now();
    let post = NewPost {
        id: None,
        body: MessageBody::parse("What did you think of the second act?")?,
        client_id: None,
        reply_to: None,
        attachments: Vec::new(),
    };
    use_cases.post_message.run(&caller, room, post).await?;
    Ok(before.elapsed())
}

async fn register(use_cases: &UseCases, number: usize) -> anyhow::Result<Caller> {
    let account = NewAccount {
        email: Email::parse(format!("writer{number}@example.org"))?,
        password: Password::parse("correct horse")?,
        username: Some(Username::parse(format!("writer{number}"))?),
        display_name: None,
    };
    let signed_in = use_cases
        .register
        .run(account, SessionOrigin::default())
        .await?;
    Ok(Caller {
        user: signed_in.person.user.id,
        session: signed_in.session.id,
    })
}

async fn make_room(use_cases: &UseCases, owner: Caller, number: usize) -> anyhow::Result<RoomId> {
    let plan = RoomPlan {
        name: RoomName::parse(format!("room {number}"))?,
        description: None,
        private: false,
        history: History::All,
        unique_name: false,
    };
    let view = use_cases.create_room.run(&owner, plan).await?;
    Ok(view.room.id)
}
