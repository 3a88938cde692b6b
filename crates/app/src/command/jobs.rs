//! Managing failed jobs.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::port::Jobs;
use domain::port::jobs::Queue;
use domain::{Event, EventId};
use uuid::Uuid;

use super::moment::moment;
use crate::server::runtime;
use crate::settings::Settings;
use crate::wiring::DeadLetters;

/// How many dead letters of a queue are listed at most.
const MOST: usize = 10_000;

/// What can be done with failed jobs.
#[derive(Clone, Debug, Subcommand)]
pub enum JobsCommand {
    /// List them, the oldest first: queue, id, event, time and room.
    List(Where),
    /// Process them again.
    Retry(Which),
    /// Delete them.
    Discard(Which),
}

/// Selects queues.
#[derive(Clone, Debug, Args)]
pub struct Where {
    /// Only this queue.
    #[arg(long)]
    queue: Option<Name>,
}

/// Selects dead letters.
#[derive(Clone, Debug, Args)]
pub struct Which {
    #[command(flatten)]
    place: Where,
    /// Their ids, as `jobs list` shows them.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<Uuid>,
    /// All of them.
    #[arg(long)]
    all: bool,
}

/// A queue's name on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Name {
    Messages,
    Notifications,
    Media,
}

impl Where {
    fn queues(&self) -> Vec<Queue> {
        match self.queue {
            None => Queue::ALL.to_vec(),
            Some(Name::Messages) => vec![Queue::Messages],
            Some(Name::Notifications) => vec![Queue::Notifications],
            Some(Name::Media) => vec![Queue::Media],
        }
    }
}

pub(super) fn run(settings: &Settings, command: &JobsCommand) -> anyhow::Result<ExitCode> {
    runtime()?.block_on(async {
        let letters = DeadLetters::open(settings).await?;
        let done = carry_out(&*letters.jobs, command).await;
        letters.close().await;
        done
    })
}

async fn carry_out(jobs: &dyn Jobs, command: &JobsCommand) -> anyhow::Result<ExitCode> {
    match command {
        JobsCommand::List(place) => list(jobs, place).await?,
        JobsCommand::Retry(which) => {
            let count = each(jobs, which, true).await?;
            say(&format!("{count} will be processed again"))?;
        }
        JobsCommand::Discard(which) => {
            let count = each(jobs, which, false).await?;
            say(&format!("{count} forgotten"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(jobs: &dyn Jobs, place: &Where) -> anyhow::Result<()> {
    let mut none = true;
    for queue in place.queues() {
        for event in dead(jobs, queue).await? {
            none = false;
            let Event { id, at, room, what } = event;
            let room = room.map_or_else(|| "-".to_owned(), |room| room.to_string());
            let at = moment(at);
            say(&format!(
                "{}  {id}  {}  {at}  {room}",
                queue.name(),
                what.topic()
            ))?;
        }
    }
    if none {
        say("there are no dead letters")?;
    }
    Ok(())
}

async fn each(jobs: &dyn Jobs, which: &Which, alive: bool) -> anyhow::Result<usize> {
    let mut count = 0;
    for queue in which.place.queues() {
        let ids = if which.all {
            let dead = dead(jobs, queue).await?;
            dead.iter().map(|event| event.id).collect()
        } else {
            which
                .ids
                .iter()
                .copied()
                .map(EventId::from_uuid)
                .collect::<Vec<_>>()
        };
        let done = if alive {
            jobs.revive(queue, &ids).await
        } else {
            jobs.discard(queue, &ids).await
        };
        count += done.map_err(|failure| anyhow::anyhow!("{}", failure.chain()))?;
    }
    if count == 0 && !which.all {
        bail!("no queue has a dead letter of that id");
    }
    Ok(count)
}

async fn dead(jobs: &dyn Jobs, queue: Queue) -> anyhow::Result<Vec<Event>> {
    let dead = jobs.dead(queue, MOST).await;
    dead.map_err(|failure| anyhow::anyhow!("{}", failure.chain()))
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("standard output is closed")
}
