//! Rooms with history, written to the stores before a server is started on them.

use std::path::Path;

use anyhow::{Context as _, ensure};
use app::keys::Keys;
use app::settings::{Environment, load};
use app::wiring::House;
use application::Caller;
use application::account::NewAccount;
use application::rooms::RoomPlan;
use domain::port::IdsExt as _;
use domain::port::messages::{Appended, NewMessage};
use domain::{Email, History, MessageBody, Password, RoomId, RoomName, SessionOrigin, Username};

/// Messages that are stored per batch.
const BATCH: usize = 512;

/// A user and their only room.
pub struct Resident {
    /// The name to sign in with, together with [`Archive::PASSWORD`].
    pub username: String,
    /// The name of the room.
    pub room: String,
}

/// Rooms with history.
pub struct Archive;

impl Archive {
    /// The password of every resident.
    pub const PASSWORD: &str = "correct horse";

    /// Fills the stores that these settings name: for each of `sizes`, one room with that many messages.
    pub fn fill(settings: &[(String, String)], sizes: &[u64]) -> anyhow::Result<Vec<Resident>> {
        let environment: Environment = settings.iter().cloned().collect();
        let settings = load(&environment, Path::new("/nowhere"))?;
        let keys = Keys::find(&settings)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let house = House::build(&settings, &keys).await?;
            let mut residents = Vec::with_capacity(sizes.len());
            for (number, size) in sizes.iter().enumerate() {
                residents.push(furnish(&house, number, *size).await?);
            }
            house.close().await;
            Ok(residents)
        })
    }
}

async fn furnish(house: &House, number: usize, size: u64) -> anyhow::Result<Resident> {
    let username = format!("resident{number}");
    let account = NewAccount {
        email: Email::parse(format!("{username}@example.org"))?,
        password: Password::parse(Archive::PASSWORD)?,
        username: Some(Username::parse(&username)?),
        display_name: None,
    };
    let origin = SessionOrigin::default();
    let signed_in = house.use_cases.register.run(account, origin).await?;
    let caller = Caller {
        user: signed_in.person.user.id,
        session: signed_in.session.id,
    };
    let plan = RoomPlan {
        name: RoomName::parse(format!("room {number}"))?,
        description: None,
        private: false,
        history: History::All,
        unique_name: false,
    };
    let room = house
        .use_cases
        .create_room
        .run(&caller, plan)
        .await?
        .room
        .id;
    let mut left = size;
    while left > 0 {
        let batch = usize::try_from(left).map_or(BATCH, |left| left.min(BATCH));
        let messages: Vec<NewMessage> = (0..batch)
            .map(|_| message(house, caller, room))
            .collect::<Result<_, _>>()?;
        let stored = house.ports.messages.append(&messages).await?;
        ensure!(
            stored.iter().all(|it| matches!(it, Appended::Stored(_))),
            "all are stored"
        );
        left -= u64::try_from(batch).context("a batch is small")?;
    }
    Ok(Resident {
        username,
        room: room.to_string(),
    })
}

fn message(house: &House, caller: Caller, room: RoomId) -> anyhow::Result<NewMessage> {
    Ok(NewMessage {
        id: house.ids.next(),
        room,
        sender: caller.user,
        body: MessageBody::parse("What did you think of the second act?")?,
        client: None,
        reply_to: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        at: house.ports.clock.now(),
        events: Vec::new(),
        only_for_webhooks: false,
    })
}
