//! Tertulia as in production: with accounts, memberships, rate limits, and every message stored.

use std::any::Any;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use servers::{Mongo, Postgres, Redis};

use super::Subject;
use crate::dialect::{Native, Rooms};
use crate::options::{Run, World};
use crate::process::{Process, succeed, target};

/// A rate limit that is never reached, but is still enforced.
const PLENTY: &str = "1000000000/10";

impl Subject {
    /// Starts Tertulia, built from this source if nothing else was given.
    pub(crate) fn tertulia(run: &Run, world: World) -> anyhow::Result<Self> {
        Ok(Self::tertulia_after(run, world, |_| Ok(()))?.0)
    }

    /// Starts it for clients of Socket.IO.
    pub(crate) fn tertulia_by_socket_io(run: &Run, world: World) -> anyhow::Result<Self> {
        Ok(Self {
            name: "tertulia, by socket.io",
            dialect: &Rooms,
            ..Self::tertulia(run, world)?
        })
    }

    /// Starts it after `prepare`, which is given its settings, has filled its stores.
    pub(crate) fn tertulia_after<T>(
        run: &Run,
        world: World,
        prepare: impl FnOnce(&[(String, String)]) -> anyhow::Result<T>,
    ) -> anyhow::Result<(Self, T)> {
        let program = match &run.server {
            Some(program) => program.canonicalize()?,
            None => build()?,
        };
        let backends = match world {
            World::Embedded => Backends::none(),
            World::Production => Backends::start(),
        };
        let mut prepared = None;
        let process = Process::start(|folder, port| {
            let mut settings = settings(run, folder, port);
            settings.extend(backends.addresses.iter().cloned());
            prepared = Some(prepare(&settings)?);
            let mut command = Command::new(program);
            command.env_clear().envs(settings).current_dir(folder);
            Ok(command)
        })?;
        let subject = Self {
            name: match world {
                World::Embedded => "tertulia, embedded",
                World::Production => "tertulia, production",
            },
            dialect: &Native,
            has_accounts: true,
            process,
            postgres: backends.postgres,
            others: backends.others,
            _servers: backends.servers,
        };
        Ok((subject, prepared.context("it was prepared")?))
    }
}

/// Password hashes are the cheapest and tokens long-lived, because neither is being measured.
fn settings(run: &Run, folder: &Path, port: u16) -> Vec<(String, String)> {
    let (port, workers) = (port.to_string(), run.workers.to_string());
    let data = folder.join("data");
    let limit = if run.unlimited { "0" } else { PLENTY };
    [
        ("PROFILE", "production"),
        ("HOST", "127.0.0.1"),
        ("PORT", &port),
        ("DATA_DIR", &data.to_string_lossy()),
        ("JWT_SECRET", "a secret that nobody has to keep, for a day"),
        ("JWT_EXPIRATION", "1d"),
        ("TERTULIA_HTTP__WORKERS", &workers),
        ("TERTULIA_AUTH__BCRYPT_COST", "4"),
        ("TERTULIA_LOG__FILTER", "warn"),
        ("TERTULIA_LIMITS__MESSAGE", limit),
        ("TERTULIA_LIMITS__FRAMES", limit),
        ("TERTULIA_LIMITS__USER", limit),
        ("TERTULIA_LIMITS__ANONYMOUS", limit),
        ("TERTULIA_LIMITS__REGISTER_IP", limit),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn build() -> anyhow::Result<PathBuf> {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    succeed(Command::new(cargo).args(["build", "--release", "--package", "app"]))?;
    Ok(target()?.join("release/tertulia"))
}

/// The servers that it depends on.
struct Backends {
    addresses: Vec<(String, String)>,
    postgres: Option<u32>,
    others: Vec<u32>,
    servers: Box<dyn Any>,
}

impl Backends {
    fn none() -> Self {
        Self {
            addresses: Vec::new(),
            postgres: None,
            others: Vec::new(),
            servers: Box::new(()),
        }
    }

    fn start() -> Self {
        let (postgres, mongo, redis) = (Postgres::start_durable(), Mongo::start(), Redis::start());
        Self {
            addresses: vec![
                ("DATABASE_URL".to_owned(), postgres.url()),
                ("MONGODB_URL".to_owned(), mongo.url()),
                ("REDIS_URL".to_owned(), redis.url()),
            ],
            postgres: Some(postgres.process()),
            others: vec![mongo.process(), redis.process()],
            servers: Box::new((postgres, mongo, redis)),
        }
    }
}
