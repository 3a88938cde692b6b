//! One server of a world.

use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use app::keys::Keys;
use app::server::{Server, runtime};
use app::settings::{Environment, load};
use tempfile::TempDir;

/// How long a server may take to start, including the creation of its databases.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server with its own folder, in threads of this process.
pub(crate) struct Node {
    folder: TempDir,
    running: Option<Running>,
}

struct Running {
    url: String,
    door: web::Handle,
    thread: JoinHandle<()>,
}

/// A server that is starting.
pub(crate) struct Starting {
    told: mpsc::Receiver<(String, web::Handle)>,
    thread: JoinHandle<()>,
}

impl Node {
    /// A node that has not been started.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            running: None,
        }
    }

    /// Begins to start it, so that several can start concurrently.
    pub(crate) fn begin(&self, settings: &[(String, String)]) -> Starting {
        let data = self.folder.path().join("data");
        let folder = [("DATA_DIR", data.to_str().unwrap())];
        let environment: Environment = settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(folder)
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
        Starting { told, thread }
    }

    /// Waits until it has started.
    pub(crate) fn started(&mut self, starting: Starting) {
        let Starting { told, thread } = starting;
        let (url, door) = told.recv_timeout(PATIENCE).expect("the server starts");
        self.running = Some(Running { url, door, thread });
    }

    /// Stops it if it is running.
    pub(crate) async fn stop(&mut self) {
        if let Some(Running { door, thread, .. }) = self.running.take() {
            door.close().await;
            // Clients in this thread may have to respond before it ends.
            let ended = tokio::task::spawn_blocking(|| thread.join()).await.unwrap();
            ended.expect("the server ends without a panic");
        }
    }

    /// The URL that it listens at.
    pub(crate) fn url(&self) -> &str {
        &self.running.as_ref().expect("it runs").url
    }
}
