//! The nodes, and the list of those that are alive.

use std::path::PathBuf;
use std::sync::Arc;

use acceptance::{Backends, Client, Dice};
use servers::Redis;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::server::Server;

/// Three nodes over one Postgres, one MongoDB and a Redis that can be killed.
pub(super) struct Harbour {
    nodes: Vec<Option<Server>>,
    pub(super) redis: Redis,
    signs: Signs,
    folder: TempDir,
    /// Dropped after the nodes.
    backends: Backends,
    logs: Vec<String>,
}

/// The addresses of the nodes. Only what kills nodes updates it.
#[derive(Clone)]
pub(super) struct Signs(Arc<watch::Sender<Vec<Option<String>>>>);

const NODES: usize = 3;

impl Harbour {
    pub(super) fn build() -> Self {
        let mut harbour = Self {
            nodes: (0..NODES).map(|_| None).collect(),
            redis: Redis::start(),
            signs: Signs(Arc::new(watch::Sender::new(vec![None; NODES]))),
            folder: tempfile::tempdir().unwrap(),
            backends: Backends::empty(),
            logs: Vec::new(),
        };
        for node in 0..NODES {
            harbour.start(node);
        }
        harbour
    }

    pub(super) fn signs(&self) -> Signs {
        self.signs.clone()
    }

    /// Starts a node, for the first time or again.
    pub(super) fn start(&mut self, node: usize) {
        let redis = self.redis.url();
        let settings = self.backends.settings();
        let mut settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .filter(|(name, _)| *name != "REDIS_URL")
            .collect();
        settings.extend([
            ("REDIS_URL", redis.as_str()),
            ("JWT_SECRET", "every node believes the others' tokens"),
            ("TERTULIA_DATABASE__CONNECTIONS", "8"),
            ("TERTULIA_LOG__FILTER", "info"),
        ]);
        let data: PathBuf = self.folder.path().join(node.to_string());
        let server = Server::with(&data, &settings);
        self.signs.put(node, Some(server.client().url().to_owned()));
        self.nodes[node] = Some(server);
    }

    /// Kills a node as a power cut would.
    pub(super) fn kill(&mut self, node: usize) {
        self.signs.put(node, None);
        let server = self.nodes[node].take().unwrap();
        self.logs.push(server.kill());
    }

    /// Asks all nodes to stop, which they must do successfully and without ever having panicked.
    pub(super) fn close(mut self) {
        for server in self.nodes.iter_mut().filter_map(Option::take) {
            let (content, log) = server.stop();
            assert!(content, "{log}");
            self.logs.push(log);
        }
        for log in &self.logs {
            assert!(!log.contains("panicked"), "{log}");
        }
    }
}

impl Signs {
    fn put(&self, node: usize, url: Option<String>) {
        self.0.send_modify(|nodes| nodes[node] = url);
    }

    /// Any node that should be alive.
    pub(super) fn any(&self, dice: &mut Dice) -> Client {
        Client::of(dice.one::<String>(&living(&self.0.borrow())))
    }

    /// The nodes that should be alive, now and whenever that changes.
    pub(super) fn watch(&self) -> watch::Receiver<Vec<Option<String>>> {
        self.0.subscribe()
    }
}

/// Those of them that should be alive.
pub(super) fn living(nodes: &[Option<String>]) -> Vec<String> {
    nodes.iter().flatten().cloned().collect()
}
