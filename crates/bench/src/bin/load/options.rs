//! What can be asked for on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Loads a chat server, its peers beside it in the same run, and tells what each cost.
#[derive(Parser)]
#[command(name = "load")]
pub(crate) struct Line {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) run: Run,
}

/// How to run it.
#[derive(Args, Clone)]
pub(crate) struct Run {
    /// The server to measure; without it, the one of this source is built.
    #[arg(long, global = true)]
    pub(crate) server: Option<PathBuf>,
    /// On what it keeps its data; without it, what the scenario asks for.
    #[arg(long, global = true)]
    pub(crate) world: Option<World>,
    /// Threads that serve requests; 0 is one for each core.
    #[arg(long, global = true, default_value_t = 0)]
    pub(crate) workers: usize,
    /// Rounds, of which the median is told.
    #[arg(long, global = true, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// Seconds of each measurement.
    #[arg(long, global = true, default_value_t = 5)]
    pub(crate) seconds: u64,
    /// Leaves the others out, and with them the ratios.
    #[arg(long, global = true)]
    pub(crate) only: Option<Only>,
    /// Lifts the limits on messages and frames, instead of only setting them so high that nobody meets them.
    #[arg(long, global = true)]
    pub(crate) unlimited: bool,
    /// Fails if anything was not as asked.
    #[arg(long, global = true)]
    pub(crate) check: bool,
}

impl Run {
    /// How long each measurement takes.
    pub(crate) fn span(&self) -> Duration {
        Duration::from_secs(self.seconds.max(1))
    }

    pub(crate) fn measures_tertulia(&self) -> bool {
        self.only != Some(Only::Peers)
    }

    pub(crate) fn measures_peers(&self) -> bool {
        self.only != Some(Only::Tertulia)
    }
}

/// What can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    Tertulia,
    Peers,
}

/// On what a server keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum World {
    /// SQLite and nothing else.
    Embedded,
    /// Postgres, MongoDB and Redis.
    Production,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// One room, one who speaks, many who listen: as fast as it goes.
    FanOut {
        #[arg(long, default_value_t = 1_000)]
        listeners: usize,
        /// Those who speak, in turn.
        #[arg(long, default_value_t = 1)]
        speakers: usize,
    },
    /// The same over Socket.IO, beside `/api/ws` and beside Node.
    Vocabularies {
        #[arg(long, default_value_t = 1_000)]
        listeners: usize,
        /// Those who speak, in turn.
        #[arg(long, default_value_t = 1)]
        speakers: usize,
    },
    /// The same at the rate of a lively conversation.
    Chat {
        #[arg(long, default_value_t = 500)]
        listeners: usize,
        /// Those who speak, in turn.
        #[arg(long, default_value_t = 1)]
        speakers: usize,
        #[arg(long, default_value_t = 200.0)]
        rate: f64,
    },
    /// Many rooms of five, where every message is stored before it is acknowledged.
    ManyRooms {
        #[arg(long, default_value_t = 200)]
        rooms: usize,
    },
    /// Connections on which nothing happens, and the memory that each takes.
    Idle {
        #[arg(long, default_value_t = 10_000)]
        connections: usize,
    },
    /// All drop at once, miss something, and come back at once.
    Reconnect {
        #[arg(long, default_value_t = 10_000)]
        connections: usize,
    },
    /// What a room of a million messages costs, against one of ten.
    Flat {
        #[arg(long, default_value_t = 1_000_000)]
        messages: u64,
    },
    /// One of the peers by itself.
    #[command(subcommand, hide = true)]
    Peer(Peer),
}

/// Servers that this program itself can be.
#[derive(Subcommand)]
pub(crate) enum Peer {
    /// Writes what one client says to all others, and does nothing else.
    Bare {
        #[arg(long)]
        port: u16,
    },
}
