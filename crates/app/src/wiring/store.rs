//! The store of users, rooms and messages.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adapter_memory::MemoryStore;
use adapter_postgres::{self as postgres, PostgresStore};
use adapter_sqlite::{self as sqlite, SqliteStore};
use domain::Epoch;
use domain::port::{
    Blocks, CursorStore, Ids, Invites, MediaStore, Members, Messages, Outbox, Probe, RoomLog,
    Rooms, Search, Upkeep, Users, WebhookLog, Webhooks,
};
use tokio::time::{Instant, sleep};

use crate::settings::{ServiceUrl, Settings, Store};

/// How long to wait for a database that is starting at the same time.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to try meanwhile.
const AGAIN: Duration = Duration::from_secs(1);

/// A store, behind all ports that it implements.
pub(super) struct Stored {
    pub(super) users: Arc<dyn Users>,
    pub(super) blocks: Arc<dyn Blocks>,
    pub(super) rooms: Arc<dyn Rooms>,
    pub(super) members: Arc<dyn Members>,
    pub(super) invites: Arc<dyn Invites>,
    pub(super) messages: Arc<dyn Messages>,
    pub(super) cursors: Arc<dyn CursorStore>,
    pub(super) room_log: Arc<dyn RoomLog>,
    pub(super) search: Arc<dyn Search>,
    pub(super) media: Arc<dyn MediaStore>,
    pub(super) webhooks: Arc<dyn Webhooks>,
    pub(super) webhook_log: Arc<dyn WebhookLog>,
    pub(super) outbox: Arc<dyn Outbox>,
    pub(super) probe: Arc<dyn Probe>,
    pub(super) upkeep: Arc<dyn Upkeep>,
    pub(super) handle: Handle,
}

/// The store itself, to be closed last.
pub(super) enum Handle {
    Memory,
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

impl Stored {
    /// Opens the chosen store and migrates it.
    pub(super) async fn open(settings: &Settings, ids: &dyn Ids) -> anyhow::Result<Self> {
        match settings.store() {
            Store::Memory => in_memory(ids),
            Store::Sqlite(path) => in_sqlite(&path),
            Store::Postgres(url) => in_postgres(&url, settings).await,
        }
    }

    fn behind<S>(store: Arc<S>, handle: Handle) -> Self
    where
        S: Users + Blocks + Rooms + Members + Invites + Messages,
        S: CursorStore + RoomLog + Search + MediaStore + Webhooks + WebhookLog,
        S: Outbox + Probe + Upkeep,
    {
        Self {
            users: Arc::<S>::clone(&store),
            blocks: Arc::<S>::clone(&store),
            rooms: Arc::<S>::clone(&store),
            members: Arc::<S>::clone(&store),
            invites: Arc::<S>::clone(&store),
            messages: Arc::<S>::clone(&store),
            cursors: Arc::<S>::clone(&store),
            room_log: Arc::<S>::clone(&store),
            search: Arc::<S>::clone(&store),
            media: Arc::<S>::clone(&store),
            webhooks: Arc::<S>::clone(&store),
            webhook_log: Arc::<S>::clone(&store),
            outbox: Arc::<S>::clone(&store),
            probe: Arc::<S>::clone(&store),
            upkeep: store,
            handle,
        }
    }
}

impl Handle {
    /// Finishes pending work and closes the store.
    pub(super) async fn close(self) {
        match self {
            Self::Memory => {}
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

fn in_memory(ids: &dyn Ids) -> anyhow::Result<Stored> {
    let epoch = Epoch::parse(ids.uuid().to_string())?;
    let store = Arc::new(MemoryStore::new(epoch));
    Ok(Stored::behind(store, Handle::Memory))
}

fn in_sqlite(path: &Path) -> anyhow::Result<Stored> {
    let store = SqliteStore::open(path, sqlite::Options::default())?;
    Ok(Stored::behind(
        Arc::new(store.clone()),
        Handle::Sqlite(store),
    ))
}

async fn in_postgres(url: &ServiceUrl, settings: &Settings) -> anyhow::Result<Stored> {
    let options = postgres::Options {
        connections: settings.database.connections,
        acquire_timeout: settings.database.acquire_timeout,
        statement_timeout: settings.database.statement_timeout,
        lock_timeout: settings.database.lock_timeout,
        alone: settings.is_alone(),
        ..postgres::Options::default()
    };
    let end = Instant::now() + PATIENCE;
    let store = loop {
        match PostgresStore::open(url.expose(), options.clone()).await {
            Err(error) if error.may_pass() && Instant::now() < end => {
                let error = anyhow::Error::new(error);
                tracing::warn!(error = %format!("{error:#}"), "waiting for Postgres");
                sleep(AGAIN).await;
            }
            opened => break opened?,
        }
    };
    Ok(Stored::behind(
        Arc::new(store.clone()),
        Handle::Postgres(store),
    ))
}
