//! A load generator that speaks the protocol, and what Tertulia is compared with.
//!
//! Every scenario starts the real server as a process of its own, its peers beside it, and loads them in turns in
//! one run on one machine: the ratios are what counts, because absolute figures move between machines and hours.
//! What a server used is the operating system's own accounting. `docs/performance.md` says how to run it and
//! what was seen.
//!
//! The clients all live in one thread, and have to be far cheaper than what they load: they look for a few bytes
//! in what they hear and never read it as JSON.

mod account;
mod dialect;
mod figures;
mod histogram;
mod options;
mod pace;
mod party;
mod peer;
mod process;
mod report;
mod rest;
mod scenario;
mod stamp;
mod subject;
mod wire;

use std::process::ExitCode;

use clap::Parser as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::options::{Command, Line, Peer};
use crate::report::Verdict;
use crate::scenario::Seats;

fn main() -> anyhow::Result<ExitCode> {
    let line = Line::parse();
    allow_many_files();
    let mut verdict = Verdict::default();
    let run = &line.run;
    match line.command {
        Command::FanOut {
            listeners,
            speakers,
        } => scenario::fan_out(
            run,
            Seats {
                listeners,
                speakers,
            },
            &mut verdict,
        )?,
        Command::Chat {
            listeners,
            speakers,
            rate,
        } => scenario::chat(
            run,
            Seats {
                listeners,
                speakers,
            },
            rate,
            &mut verdict,
        )?,
        Command::Vocabularies {
            listeners,
            speakers,
        } => scenario::vocabularies(
            run,
            Seats {
                listeners,
                speakers,
            },
            &mut verdict,
        )?,
        Command::ManyRooms { rooms } => scenario::many_rooms(run, rooms, &mut verdict)?,
        Command::Idle { connections } => scenario::idle(run, connections, &mut verdict)?,
        Command::Reconnect { connections } => {
            scenario::reconnect(run, connections, &mut verdict)?;
        }
        Command::Flat { messages } => scenario::flat(run, messages, &mut verdict)?,
        Command::Peer(Peer::Bare { port }) => peer::serve(port)?,
    }
    let good = verdict.print();
    Ok(if good || !run.check {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Each connection is a file, here and in the servers, which inherit the limit.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // Whoever has too few is told so when they run out.
    setrlimit(Resource::Nofile, raised).ok();
}
