//! Complete servers to run scenarios against.

use std::cell::Cell;

use tempfile::TempDir;

use crate::backends::Backends;
use crate::node::Node;
use crate::{Client, Person};

/// A server on one set of adapters, or several nodes that act as one server.
pub struct World {
    settings: Vec<(String, String)>,
    nodes: Vec<Node>,
    /// The number of visitors so far, which are assigned to the nodes in turn.
    visitors: Cell<usize>,
    /// Dropped after the nodes.
    backends: Option<Backends>,
    /// The folder of uploads, shared by all nodes.
    files: TempDir,
}

impl World {
    /// Everything in memory.
    pub fn memory() -> Self {
        Self::of(&[("TERTULIA_STORAGE__MEMORY", "true")], 1)
    }

    /// The default: SQLite in a folder.
    pub fn embedded() -> Self {
        Self::of(&[], 1)
    }

    /// As in production: Postgres, MongoDB and Redis.
    pub fn production() -> Self {
        // Many worlds share these servers.
        Self::on_backends(1).with("TERTULIA_DATABASE__CONNECTIONS", "8")
    }

    /// Three nodes on the same servers.
    pub fn cluster() -> Self {
        let world = Self::on_backends(3);
        let files = world.files.path().to_str().unwrap().to_owned();
        world
            .with("TERTULIA_MEDIA__FOLDER", &files)
            .with("TERTULIA_DATABASE__CONNECTIONS", "5")
            .with("JWT_SECRET", "every node believes the others' tokens")
    }

    fn on_backends(nodes: usize) -> Self {
        let backends = Backends::empty();
        let settings = backends.settings();
        let settings = settings
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let mut world = Self::of(&settings, nodes);
        world.backends = Some(backends);
        world
    }

    fn of(settings: &[(&str, &str)], nodes: usize) -> Self {
        let world = Self {
            settings: Vec::new(),
            nodes: (0..nodes).map(|_| Node::new()).collect(),
            visitors: Cell::new(0),
            backends: None,
            files: tempfile::tempdir().unwrap(),
        };
        world.with("PROFILE", "test").with_all(settings)
    }

    /// Overrides a setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Overrides several settings.
    #[must_use]
    pub fn with_all(self, settings: &[(&str, &str)]) -> Self {
        settings
            .iter()
            .fold(self, |world, (name, value)| world.with(name, value))
    }

    /// Starts every node, runs a scenario, and stops them.
    pub fn run(mut self, scenario: impl AsyncFnOnce(&mut Self)) {
        self.start();
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(async {
                scenario(&mut self).await;
                self.stop().await;
            });
    }

    /// Stops every node and starts new ones on the same folders.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start();
    }

    /// Stops one node. Requests of its clients then fail.
    pub async fn stop_node(&mut self, node: usize) {
        self.nodes[node].stop().await;
    }

    fn start(&mut self) {
        let begin = |node: &Node| node.begin(&self.settings);
        let starting: Vec<_> = self.nodes.iter().map(begin).collect();
        for (node, starting) in self.nodes.iter_mut().zip(starting) {
            node.started(starting);
        }
    }

    async fn stop(&mut self) {
        for node in &mut self.nodes {
            node.stop().await;
        }
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// A client that is not signed in, on the next node.
    pub fn visitor(&self) -> Client {
        let number = self.visitors.get();
        self.visitors.set(number + 1);
        self.visitor_at(number % self.nodes.len())
    }

    /// A client that is not signed in, on this node.
    pub fn visitor_at(&self, node: usize) -> Client {
        Client::of(self.nodes[node].url())
    }

    /// Registers a user with this username and a fresh e-mail address, on the next node.
    pub async fn person(&self, username: &str) -> Person {
        Person::register(self.visitor(), username).await
    }
}
