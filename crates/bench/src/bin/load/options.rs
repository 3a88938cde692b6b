//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Loads a chat server and its peers in the same run, and reports what each of them cost.
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
    /// The server binary to measure; by default, it is built from this source.
    #[arg(long, global = true)]
    pub(crate) server: Option<PathBuf>,
    /// The stores that it uses; by default, those that the scenario calls for.
    #[arg(long, global = true)]
    pub(crate) world: Option<World>,
    /// Threads that serve requests; 0 means one per core.
    #[arg(long, global = true, default_value_t = 0)]
    pub(crate) workers: usize,
    /// Rounds; the median of them is reported.
    #[arg(long, global = true, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// The duration of each measurement in seconds.
    #[arg(long, global = true, default_value_t = 5)]
    pub(crate) seconds: u64,
    /// Measures only these, and so reports no ratios.
    #[arg(long, global = true)]
    pub(crate) only: Option<Only>,
    /// Turns rate limits off, instead of setting them so high that they are never reached.
    #[arg(long, global = true)]
    pub(crate) unlimited: bool,
    /// Exits with an error if a target was missed.
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

/// The stores that a server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum World {
    /// SQLite and nothing else.
    Embedded,
    /// Postgres, MongoDB and Redis.
    Production,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// One room, one sender, many listeners: the highest rate that the server sustains.
    FanOut {
        #[arg(long, default_value_t = 1_000)]
        listeners: usize,
        /// Those who speak, in turn.
        #[arg(long, default_value_t = 1)]
        speakers: usize,
    },
    /// The same over Socket.IO, compared with `/api/ws` and with Node.
    Vocabularies {
        #[arg(long, default_value_t = 1_000)]
        listeners: usize,
        /// Those who speak, in turn.
        #[arg(long, default_value_t = 1)]
        speakers: usize,
    },
    /// The same, at the rate of a lively conversation.
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
    /// Idle connections, and the memory that each of them takes.
    Idle {
        #[arg(long, default_value_t = 10_000)]
        connections: usize,
    },
    /// All clients disconnect at once, miss messages, and reconnect at once.
    Reconnect {
        #[arg(long, default_value_t = 10_000)]
        connections: usize,
    },
    /// The latency of a room with a million messages, compared with a room of ten.
    Flat {
        #[arg(long, default_value_t = 1_000_000)]
        messages: u64,
    },
    /// Runs one of the peers.
    #[command(subcommand, hide = true)]
    Peer(Peer),
}

/// The peers that are part of this program.
#[derive(Subcommand)]
pub(crate) enum Peer {
    /// Relays what one client sends to all others, and does nothing else.
    Bare {
        #[arg(long)]
        port: u16,
    },
}
