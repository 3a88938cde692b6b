//! Whole servers.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use app::keys::Keys;
use app::server::{Server, runtime};
use app::settings::{Environment, load};
use tempfile::TempDir;

use crate::backends::Backends;
use crate::{Client, Person};

/// A server on one set of adapters, with a folder of its own.
pub struct World {
    folder: TempDir,
    settings: Vec<(String, String)>,
    server: Option<Running>,
    /// Dropped after the server.
    backends: Option<Backends>,
}

struct Running {
    url: String,
    door: web::Handle,
    thread: JoinHandle<()>,
}

impl World {
    /// Everything in memory.
    pub fn memory() -> Self {
        Self::of(&[("TERTULIA_STORAGE__MEMORY", "true")])
    }

    /// What a newcomer gets: SQLite in a folder.
    pub fn embedded() -> Self {
        Self::of(&[])
    }

    /// What people depend on: Postgres, MongoDB and Redis.
    pub fn production() -> Self {
        let backends = Backends::new();
        let settings = backends.settings();
        let settings = settings
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        // Many worlds share the servers.
        let mut world = Self::of(&settings).with("TERTULIA_DATABASE__CONNECTIONS", "8");
        world.backends = Some(backends);
        world
    }

    fn of(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let world = Self {
            folder,
            settings: Vec::new(),
            server: None,
            backends: None,
        };
        world
            .with("PROFILE", "test")
            .with("DATA_DIR", data.to_str().unwrap())
            .with_all(settings)
    }

    /// With another setting than tests usually have.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With several.
    #[must_use]
    pub fn with_all(self, settings: &[(&str, &str)]) -> Self {
        settings
            .iter()
            .fold(self, |world, (name, value)| world.with(name, value))
    }

    /// Where the server keeps everything.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the server, plays a scenario, and stops it.
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

    /// Stops the server and starts another one on the same folder.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start();
    }

    fn start(&mut self) {
        let environment: Environment = self
            .settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let settings = load(&environment, Path::new("/nowhere")).unwrap();
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = runtime().unwrap();
            runtime.block_on(async move {
                let keys = Keys::find(&settings).unwrap();
                let server = Server::start(&settings, &keys).await.unwrap();
                let address = *server.addresses().first().unwrap();
                tell.send((format!("http://{address}"), server.handle()))
                    .unwrap();
                server.run().await.unwrap();
            });
        });
        let (url, door) = told
            .recv_timeout(Duration::from_secs(30))
            .expect("the server starts");
        self.server = Some(Running { url, door, thread });
    }

    async fn stop(&mut self) {
        if let Some(Running { door, thread, .. }) = self.server.take() {
            door.close().await;
            thread.join().expect("the server ends without a panic");
        }
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Client {
        Client::of(&self.server.as_ref().unwrap().url)
    }

    /// Registers somebody with a fresh e-mail address under this username.
    pub async fn person(&self, username: &str) -> Person {
        Person::register(self.visitor(), username).await
    }
}
