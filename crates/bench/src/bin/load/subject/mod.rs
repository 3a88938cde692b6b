//! The servers that are measured, started together with the databases that they need.

mod bare;
mod estate;
mod socketio;
mod tertulia;

use std::any::Any;
use std::net::SocketAddr;

use crate::account::{cpu_seconds, open_files, own_cpu_seconds, resident_bytes};
use crate::dialect::Dialect;
use crate::process::Process;

pub(crate) use estate::{Estate, Plan};

/// A server that is measured.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) dialect: &'static dyn Dialect,
    /// Whether clients need an account and a membership of the room. If not, every client may do everything.
    has_accounts: bool,
    process: Process,
    /// The root process of its Postgres.
    postgres: Option<u32>,
    /// The root processes of the other servers that it depends on.
    others: Vec<u32>,
    /// The handles of those servers, which stop when this is dropped.
    _servers: Box<dyn Any>,
}

impl Subject {
    pub(crate) fn address(&self) -> SocketAddr {
        self.process.address()
    }

    /// The server's resident memory in bytes.
    pub(crate) fn resident(&self) -> anyhow::Result<u64> {
        resident_bytes(self.process.id())
    }

    /// How many files and sockets the server has open.
    pub(crate) fn open_files(&self) -> anyhow::Result<usize> {
        open_files(self.process.id())
    }

    /// Creates users and rooms.
    pub(crate) fn settle(&self, plan: &Plan) -> anyhow::Result<Estate> {
        if self.has_accounts {
            estate::found(self.address(), plan)
        } else {
            Ok(estate::pretend(plan))
        }
    }

    /// The server's output so far.
    pub(crate) fn log(&self) -> String {
        self.process.log()
    }

    /// The CPU time used so far.
    pub(crate) fn spent(&self) -> Spent {
        Spent {
            server: cpu_seconds(self.process.id()),
            postgres: self.postgres.map_or(0.0, cpu_seconds),
            others: self.others.iter().copied().map(cpu_seconds).sum(),
            client: own_cpu_seconds(),
        }
    }
}

/// CPU seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spent {
    pub(crate) server: f64,
    pub(crate) postgres: f64,
    /// MongoDB's and Redis'.
    pub(crate) others: f64,
    /// This process's own.
    pub(crate) client: f64,
}

impl Spent {
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            server: self.server - before.server,
            postgres: self.postgres - before.postgres,
            others: self.others - before.others,
            client: self.client - before.client,
        }
    }
}
