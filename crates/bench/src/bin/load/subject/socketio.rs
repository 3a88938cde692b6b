//! Socket.IO on Node, as the tutorials write it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;
use servers::Postgres;

use super::Subject;
use crate::dialect::SocketIo;
use crate::process::{Process, succeed, target};

/// The server's files. They are copied to where its packages are installed, which is outside the source tree.
const FILES: [(&str, &str); 3] = [
    (
        "package.json",
        include_str!("../../../../peers/socketio/package.json"),
    ),
    (
        "package-lock.json",
        include_str!("../../../../peers/socketio/package-lock.json"),
    ),
    (
        "server.js",
        include_str!("../../../../peers/socketio/server.js"),
    ),
];

impl Subject {
    /// Starts a server that stores nothing.
    pub(crate) fn socket_io() -> anyhow::Result<Self> {
        Self::on_node("socket.io", None)
    }

    /// Starts a server that stores each message in its own Postgres.
    pub(crate) fn socket_io_on_postgres() -> anyhow::Result<Self> {
        Self::on_node("socket.io, postgres", Some(Postgres::start_durable()))
    }

    fn on_node(name: &'static str, postgres: Option<Postgres>) -> anyhow::Result<Self> {
        let folder = installed()?;
        let process = Process::start(|_, port| {
            let mut command = Command::new("node");
            command
                .arg("server.js")
                .current_dir(folder)
                .env("NODE_ENV", "production")
                .env("PORT", port.to_string())
                .env_remove("DATABASE_URL")
                .envs(postgres.iter().map(|it| ("DATABASE_URL", it.url())));
            Ok(command)
        })?;
        Ok(Self {
            name,
            dialect: &SocketIo,
            has_accounts: false,
            process,
            postgres: postgres.as_ref().map(Postgres::process),
            others: Vec::new(),
            _servers: Box::new(postgres),
        })
    }
}

/// Installs the packages if they are missing or have changed.
fn installed() -> anyhow::Result<PathBuf> {
    let folder = target()?.join("load-peers/socketio");
    fs::create_dir_all(&folder)?;
    let mut changed = !folder.join("node_modules").exists();
    for (name, text) in FILES {
        let path = folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|present| present == text) {
            continue;
        }
        changed |= name != "server.js";
        fs::write(path, text)?;
    }
    if changed {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        succeed(npm.current_dir(&folder)).context("the peer on Node needs node and npm")?;
    }
    Ok(folder)
}
