//! A load generator for Tertulia and the servers that it is compared with.
//!
//! Every scenario starts the real server and its peers as separate processes, and loads them alternately in
//! one run on one machine. The ratios are what counts, because absolute figures vary between machines and
//! over time. CPU and memory are measured by the operating system's accounting. `docs/performance.md`
//! explains how to run it, and lists results.
//!
//! All clients run in one thread, and must be far cheaper than the server that they load: they search what
//! they receive for a few bytes, and never parse it as JSON.

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

/// Raises the limit on open files: each connection is one, here and in the servers, which inherit the limit.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // If this fails, opening connections fails later, with a clear error.
    setrlimit(Resource::Nofile, raised).ok();
}
