//! An S3 server that lives as long as a test.

use std::path::Path;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use port_contracts::until;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const KEY: &str = "somebody";
const SECRET: &str = "a secret/with+signs";
const NAME: &str = "uploads";

/// A bucket of its own.
pub(crate) struct Bucket {
    folder: TempDir,
    port: u16,
    _serving: JoinSet<()>,
}

impl Bucket {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(NAME)).unwrap();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, builder.build()));
        Self {
            folder,
            port,
            _serving: serving,
        }
    }

    pub(crate) fn address(&self) -> String {
        self.written("", SECRET)
    }

    pub(crate) fn address_of(&self, prefix: &str) -> String {
        self.written(prefix, SECRET)
    }

    pub(crate) fn address_with(&self, secret: &str) -> String {
        self.written("", secret)
    }

    /// The folder with the server's objects and unfinished uploads.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn written(&self, prefix: &str, secret: &str) -> String {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        let secret = secret
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace(' ', "%20");
        format!(
            "s3://{NAME}/{prefix}?endpoint={endpoint}&region=eu-central-1&access_key_id={KEY}\
             &secret_access_key={secret}"
        )
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    let mut connections = JoinSet::new();
    let builder = Builder::new(TokioExecutor::new());
    while let Ok((socket, _)) = listener.accept().await {
        let connection = builder.serve_connection(TokioIo::new(socket), service.clone());
        let connection = connection.into_owned();
        connections.spawn(async move {
            drop(connection.await);
        });
    }
}

/// Waits until no byte of a file is left in a folder.
pub(crate) async fn until_empty(folder: &Path) {
    until("the folder is empty", async || bytes_in(folder) <= 4096).await;
}

/// The server's own metadata about an upload is small and does not count.
fn bytes_in(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => bytes_in(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
