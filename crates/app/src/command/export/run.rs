//! Runs the command.

use std::io::{self, BufWriter, Stdout, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use application::Ports;
use domain::port::users::Login;
use domain::{Email, User, UserId, Username};
use serde_json::Value;
use uuid::Uuid;

use super::{line, rooms};
use crate::command::accounts::need_accounts;
use crate::keys::Keys;
use crate::server::runtime;
use crate::settings::Settings;
use crate::wiring::House;

/// How many uploads are read at once.
const PAGE: usize = 500;

/// The output.
pub(super) struct Paper(BufWriter<Stdout>);

impl Paper {
    pub(super) fn write(&mut self, line: &Value) -> anyhow::Result<()> {
        writeln!(self.0, "{line}").context("standard output is closed")
    }
}

/// Prints all data about a person.
pub(in crate::command) fn run(settings: &Settings, whom: &str) -> anyhow::Result<ExitCode> {
    need_accounts(settings)?;
    let keys = Keys::find(settings)?;
    runtime()?.block_on(async {
        let house = House::build(settings, &keys).await?;
        let mut paper = Paper(BufWriter::new(io::stdout()));
        let written = write(&house.ports, whom, &mut paper).await;
        house.close().await;
        written?;
        paper.0.flush().context("standard output is closed")
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn write(ports: &Ports, whom: &str, paper: &mut Paper) -> anyhow::Result<()> {
    let Some(user) = find(ports, whom).await? else {
        bail!("nobody is called {whom}, has that address or that id");
    };
    paper.write(&line::account(&user))?;
    for (_, document) in ports.profiles.find(&[user.id]).await? {
        let document = serde_json::from_str(document.as_str());
        let document = document.context("their profile cannot be read")?;
        paper.write(&line::profile(&document))?;
    }
    let now = ports.clock.now();
    for session in ports.session_store.of_user(user.id, now).await? {
        paper.write(&line::session(&session))?;
    }
    for device in ports.push_subscriptions.of_users(&[user.id], now).await? {
        paper.write(&line::push(&device))?;
    }
    let blocked = ports.blocks.of(user.id).await?;
    for some in blocked.chunks(PAGE) {
        for other in ports.users.find(some).await? {
            paper.write(&line::block(&other))?;
        }
    }
    uploads(ports, user.id, paper).await?;
    rooms::write(ports, user.id, paper).await
}

/// The user with this username, e-mail address or id. An erased user is found by id.
async fn find(ports: &Ports, whom: &str) -> anyhow::Result<Option<User>> {
    if let Ok(id) = Uuid::parse_str(whom) {
        let found = ports.users.find(&[UserId::from_uuid(id)]).await?;
        return Ok(found.into_iter().next());
    }
    let login = match (Email::parse(whom), Username::parse(whom)) {
        (Ok(email), _) => Login::Email(email),
        (Err(_), Ok(username)) => Login::Username(username),
        (Err(_), Err(_)) => return Ok(None),
    };
    let account = ports.users.account(&login).await?;
    Ok(account.map(|account| account.user))
}

async fn uploads(ports: &Ports, user: UserId, paper: &mut Paper) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = ports.media.of_owner(user, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.id);
        for media in &page {
            paper.write(&line::upload(media))?;
        }
    }
}
