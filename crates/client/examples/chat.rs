//! A terminal chat.
//!
//! ```sh
//! cargo run --example chat -- --name ana --password 'correct horse'                # makes a room
//! cargo run --example chat -- --name ben --password 'battery staple' --room <id>   # joins it
//! ```
//!
//! Each line typed is posted. `/edit words` edits your last message, `/search words` searches for
//! it, `/quit` quits. With `--keep <file>` it remembers where it left off, and shows what was
//! missed when it is started again.

#![expect(
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "a terminal chat prints to stdout, and does not show every event"
)]

use std::error::Error as StdError;
use std::fs;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use tertulia_client::rest::{HistoryFrom, Register, SearchQuery};
use tertulia_client::shape::Message;
use tertulia_client::{
    Account, Draft, Error, ErrorCode, Event, Events, Live, Secret, Server, Since, Standing, Uuid,
};
use tokio::sync::mpsc;

type Outcome<T = ()> = Result<T, Box<dyn StdError>>;

/// What is stored about the room: the standing, and the last message seen.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    standing: Standing,
    seen: i64,
}

struct Chat {
    account: Account,
    live: Live,
    room: Uuid,
    seen: i64,
    file: Option<String>,
    /// The last message posted by this user.
    last: Option<Uuid>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome {
    let given = |name: &str| std::env::args().skip_while(|it| it != name).nth(1);
    let server = given("--server").unwrap_or_else(|| "http://localhost:3000".to_owned());
    let (Some(name), Some(password)) = (given("--name"), given("--password")) else {
        return Err("--name and --password are required".into());
    };
    let account = sign_in(&Server::at(&server)?, &name, &password).await?;
    let room = match given("--room") {
        Some(id) => account.join(id.parse()?).await?,
        None => {
            account
                .create_room(&tertulia_client::room("tertulia"))
                .await?
        }
    };
    println!("room {}", room.id);

    let file = given("--keep");
    let kept = file.as_ref().and_then(|file| fs::read(file).ok());
    let kept: Kept =
        kept.map_or_else(|| Ok(Kept::default()), |kept| serde_json::from_slice(&kept))?;
    let is_new = !kept.standing.revs.contains_key(&room.id);
    let (live, mut events) = account.live(kept.standing);
    let mut chat = Chat {
        account,
        live,
        room: room.id,
        seen: kept.seen,
        file,
        last: None,
    };
    if is_new {
        chat.catch_up().await?;
        let live = chat.live.clone();
        // From before the page was read: anything in between arrives again, and is recognised as
        // seen.
        let since = Since::Rev(room.last_rev);
        tokio::select! {
            stand = live.subscribe(room.id, since) => drop(stand?),
            () = chat.listen(&mut events) => return Ok(()),
        }
    }
    chat.talk(events).await
}

/// Signs in, or registers if there is no such account.
async fn sign_in(server: &Server, name: &str, password: &str) -> Result<Account, Error> {
    let account = Register {
        email: format!("{name}@example.org"),
        password: Secret::new(password),
        username: Some(name.to_owned()),
        display_name: name.to_owned(),
    };
    match server.register(&account).await {
        Err(error)
            if matches!(
                error.code(),
                Some(ErrorCode::UsernameTaken | ErrorCode::EmailTaken)
            ) =>
        {
            server.login(name, password).await
        }
        signed_in => signed_in,
    }
}

impl Chat {
    /// Handles events and typed lines as they come, until either ends.
    async fn talk(mut self, mut events: Events) -> Outcome {
        let mut typed = typed();
        loop {
            tokio::select! {
                event = events.next() => match event {
                    Some(event) => self.happened(event, &events).await,
                    None => return Ok(()),
                },
                line = typed.recv() => match line {
                    Some(line) if line != "/quit" => self.obey(&line, &mut events).await,
                    _ => break,
                },
            }
        }
        self.keep(&events);
        self.live.close().await;
        Ok(())
    }

    /// Handles events until they end.
    async fn listen(&mut self, events: &mut Events) {
        while let Some(event) = events.next().await {
            self.happened(event, events).await;
        }
    }

    async fn happened(&mut self, event: Event, events: &Events) {
        match event {
            Event::Connected { .. } => println!("* online"),
            Event::Disconnected { again: Some(_), .. } => println!("* offline, coming back"),
            Event::Disconnected { why, again: None } => println!("* offline: {why}"),
            Event::Reset { .. } => {
                println!("* what was missed cannot be told, but this is the latest:");
                if let Err(error) = self.catch_up().await {
                    complain(&error);
                }
            }
            Event::Posted { message, .. } => self.heard(&message, ""),
            Event::Deleted { message, .. } => self.heard(&message, " (deleted)"),
            Event::Changed { message, .. } | Event::Reacted { message, .. } => {
                self.heard(&message, " (changed)");
            }
            Event::Lost { why, .. } => println!("! no longer subscribed to this room: {why:?}"),
            Event::Resumed { .. } | Event::Member { .. } | Event::Room { .. } => {}
            _ => return,
        }
        self.keep(events);
    }

    fn heard(&mut self, message: &Message, how: &str) {
        if message.seq > self.seen {
            self.seen = message.seq;
            said(message, "");
        } else if !how.is_empty() {
            said(message, how);
        }
    }

    /// Shows the messages of the latest page that have not been shown yet.
    async fn catch_up(&mut self) -> Result<(), Error> {
        let page = self
            .account
            .history(self.room, HistoryFrom::Newest, None)
            .await?;
        for message in page.messages.iter().rev().filter(|it| it.seq > self.seen) {
            said(message, "");
        }
        self.seen = page
            .messages
            .first()
            .map_or(self.seen, |newest| self.seen.max(newest.seq));
        Ok(())
    }

    fn keep(&self, events: &Events) {
        let kept = Kept {
            standing: events.standing().clone(),
            seen: self.seen,
        };
        let written = self.file.iter().map(|file| {
            let kept = serde_json::to_vec(&kept)?;
            fs::write(file, kept)
        });
        if let Err(error) = written.collect::<Result<(), _>>() {
            println!("! {error}");
        }
    }

    /// Carries out a typed line, and handles events meanwhile.
    async fn obey(&mut self, line: &str, events: &mut Events) {
        let (account, socket) = (self.account.clone(), self.live.clone());
        let (room, last) = (self.room, self.last);
        let deed = async {
            match (line.split_once(' ').unwrap_or((line, "")), last) {
                (("/edit", words), Some(last)) => account.edit(last, words).await.map(|_| None),
                (("/search", words), _) => search(&account, room, words).await.map(|()| None),
                ((command, _), _) if command.starts_with('/') => {
                    println!("! {command} is not possible");
                    Ok(None)
                }
                _ => socket
                    .send(room, Draft::text(line))
                    .await
                    .map(|said| Some(said.id)),
            }
        };
        let mut deed = std::pin::pin!(deed);
        loop {
            tokio::select! {
                done = &mut deed => match done {
                    Ok(said) => return self.last = said.or(self.last),
                    Err(error) => return complain(&error),
                },
                Some(event) = events.next() => self.happened(event, events).await,
            }
        }
    }
}

/// Lines from stdin. They are read on a thread, which need not be joined at the end.
fn typed() -> mpsc::Receiver<String> {
    let (tell, typed) = mpsc::channel(16);
    std::thread::spawn(move || {
        let lines = std::io::stdin().lines().map_while(Result::ok);
        lines
            .map(|line| tell.blocking_send(line))
            .all(|told| told.is_ok())
    });
    typed
}

async fn search(account: &Account, room: Uuid, words: &str) -> Result<(), Error> {
    let search = SearchQuery {
        q: words.to_owned(),
        room_id: Some(room),
        from: None,
        before: None,
        after: None,
        cursor: None,
        limit: 20,
    };
    for hit in account.search(&search).await?.hits {
        print!("? ");
        said(&hit.message, "");
    }
    Ok(())
}

fn said(message: &Message, how: &str) {
    let words = message.content.as_deref().unwrap_or("(deleted)");
    println!("{}: {words}{how}", message.sender.username);
}

fn complain(error: &(dyn StdError + 'static)) {
    let Some(Error::Refused(problem)) = error.downcast_ref() else {
        return println!("! {error}");
    };
    let fields = problem
        .errors
        .iter()
        .map(|bad| format!(" {} {}", bad.field, bad.message));
    let fields: Vec<_> = fields.collect();
    println!("! {}: {}{}", problem.code, problem.detail, fields.join(","));
}
