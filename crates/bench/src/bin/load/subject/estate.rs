//! Users and rooms.

use std::net::SocketAddr;

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tertulia_client::rest::Register;
use tertulia_client::shape::Tokens;
use tertulia_client::{Account, Secret, Server, room};
use uuid::Uuid;

use crate::rest::Rest;

/// How many requests are in flight at once.
const HANDS: usize = 8;

/// Which users and rooms to create.
pub(crate) struct Plan {
    pub(crate) people: usize,
    /// The members of each room, by number.
    pub(crate) rooms: Vec<Vec<usize>>,
}

/// The users and rooms that were created.
pub(crate) struct Estate {
    /// The tokens of each user, where the server has accounts.
    tokens: Vec<Option<Tokens>>,
    /// The names of the rooms.
    rooms: Vec<String>,
}

impl Estate {
    pub(crate) fn token(&self, person: usize) -> Option<String> {
        let tokens = self.tokens.get(person)?.as_ref()?;
        Some(tokens.access_token.reveal().to_owned())
    }

    /// A registered user's account.
    pub(crate) fn account(&self, person: usize, server: &Server) -> anyhow::Result<Account> {
        let tokens = self.tokens.get(person).cloned().flatten();
        Ok(server.resume(tokens.context("nobody with this number has an account")?))
    }

    pub(crate) fn room(&self, number: usize) -> &str {
        self.rooms.get(number).map_or("", |room| room)
    }
}

/// For a server without accounts, where every client may join any room by naming it.
pub(super) fn pretend(plan: &Plan) -> Estate {
    let rooms = 0..plan.rooms.len();
    Estate {
        tokens: vec![None; plan.people],
        // Of the same length as Tertulia's ids.
        rooms: rooms
            .map(|room| format!("00000000-0000-7000-8000-{room:012}"))
            .collect(),
    }
}

/// Registers all users, creates the rooms, and joins their members.
pub(super) fn found(address: SocketAddr, plan: &Plan) -> anyhow::Result<Estate> {
    let rest = Rest::of(address)?;
    rest.wait(move_in(&rest.server, plan))
}

async fn move_in(server: &Server, plan: &Plan) -> anyhow::Result<Estate> {
    let people: Vec<Account> = stream::iter(0..plan.people)
        .map(|person| register(server, person))
        .buffered(HANDS)
        .try_collect()
        .await?;
    let account = |person: usize| people.get(person).context("nobody has this number");
    let made = async |members: &Vec<usize>| -> anyhow::Result<Uuid> {
        let owner = members.first().context("a room has an owner")?;
        Ok(account(*owner)?.create_room(&room("A room")).await?.id)
    };
    let rooms: Vec<Uuid> = stream::iter(&plan.rooms)
        .map(made)
        .buffered(HANDS)
        .try_collect()
        .await?;
    let guests = |(room, members): (&Uuid, &Vec<usize>)| {
        let room = *room;
        let guests: Vec<usize> = members.iter().skip(1).copied().collect();
        guests.into_iter().map(move |member| (room, member))
    };
    let joined = async |(room, member): (Uuid, usize)| -> anyhow::Result<()> {
        account(member)?.join(room).await?;
        Ok(())
    };
    stream::iter(rooms.iter().zip(&plan.rooms).flat_map(guests))
        .map(joined)
        .buffer_unordered(HANDS)
        .try_for_each(async |()| Ok(()))
        .await?;
    Ok(Estate {
        tokens: people.iter().map(Account::tokens).collect(),
        rooms: rooms.iter().map(Uuid::to_string).collect(),
    })
}

async fn register(server: &Server, person: usize) -> anyhow::Result<Account> {
    let name = format!("person{person}");
    let account = Register {
        email: format!("{name}@example.org"),
        password: Secret::new("correct horse"),
        username: Some(name.clone()),
        display_name: name,
    };
    Ok(server.register(&account).await?)
}
