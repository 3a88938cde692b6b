//! Sessions, push subscriptions and profiles.

use std::sync::Arc;

use adapter_memory::{MemoryProfiles, MemorySessions};
use adapter_mongo::{self as mongo, MongoStore};
use adapter_sqlite::{self as sqlite, SqliteStore};
use anyhow::Context as _;
use application::steady::SteadyProfiles;
use async_trait::async_trait;
use domain::Failure;
use domain::port::{Clock, Probe, Profiles, PushSubscriptions, Sessions, Upkeep};

use super::store;
use crate::settings::Settings;

/// Sessions and profiles, behind their ports.
pub(super) struct Stored {
    pub(super) sessions: Arc<dyn Sessions>,
    pub(super) push_subscriptions: Arc<dyn PushSubscriptions>,
    pub(super) profiles: Arc<dyn Profiles>,
    /// The health check, unless the store's covers it.
    pub(super) probe: Option<Arc<dyn Probe>>,
    /// Deletes expired data, unless the backend or the store's upkeep does.
    pub(super) upkeep: Option<Arc<dyn Upkeep>>,
    handle: Handle,
}

/// The backend to close, if it is not the store.
enum Handle {
    Nothing,
    Sqlite(SqliteStore),
    Mongo(MongoStore),
}

impl Stored {
    /// Opens what was chosen: MongoDB, or else SQLite, which is the store itself if that is SQLite
    /// too.
    pub(super) fn open(
        settings: &Settings,
        store: &store::Handle,
        clock: &Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        match (&settings.mongodb.url, store) {
            (Some(url), _) => in_mongo(url.expose(), clock),
            (None, store::Handle::Memory) => Ok(in_memory()),
            (None, store::Handle::Sqlite(store)) => Ok(with_the_store(store)),
            (None, store::Handle::Postgres(_)) => in_sqlite(settings),
        }
    }

    /// Finishes pending work and closes the backend.
    pub(super) async fn close(self) {
        match self.handle {
            Handle::Nothing => {}
            Handle::Sqlite(store) => store.close().await,
            Handle::Mongo(store) => store.close().await,
        }
    }
}

fn in_mongo(url: &str, clock: &Arc<dyn Clock>) -> anyhow::Result<Stored> {
    let store =
        MongoStore::new(url, mongo::Options::default()).context("MONGODB_URL cannot be used")?;
    let shared = Arc::new(store.clone());
    let profiles: Arc<dyn Profiles> = Arc::<MongoStore>::clone(&shared);
    Ok(Stored {
        sessions: Arc::<MongoStore>::clone(&shared),
        push_subscriptions: Arc::<MongoStore>::clone(&shared),
        profiles: Arc::new(SteadyProfiles::new(profiles, Arc::clone(clock))),
        probe: Some(shared),
        upkeep: None,
        handle: Handle::Mongo(store),
    })
}

fn in_memory() -> Stored {
    let sessions = Arc::new(MemorySessions::default());
    Stored {
        sessions: Arc::<MemorySessions>::clone(&sessions),
        push_subscriptions: Arc::<MemorySessions>::clone(&sessions),
        profiles: Arc::new(MemoryProfiles::default()),
        probe: None,
        upkeep: Some(sessions),
        handle: Handle::Nothing,
    }
}

fn with_the_store(store: &SqliteStore) -> Stored {
    let store = Arc::new(store.clone());
    Stored {
        sessions: Arc::<SqliteStore>::clone(&store),
        push_subscriptions: Arc::<SqliteStore>::clone(&store),
        profiles: store,
        probe: None,
        upkeep: None,
        handle: Handle::Nothing,
    }
}

/// A SQLite database of their own, because Postgres does not keep sessions.
fn in_sqlite(settings: &Settings) -> anyhow::Result<Stored> {
    let store = SqliteStore::open(settings.sessions_file(), sqlite::Options::default())?;
    let shared = Arc::new(store.clone());
    Ok(Stored {
        sessions: Arc::<SqliteStore>::clone(&shared),
        push_subscriptions: Arc::<SqliteStore>::clone(&shared),
        profiles: Arc::<SqliteStore>::clone(&shared),
        probe: Some(Arc::new(OfSessions(Arc::<SqliteStore>::clone(&shared)))),
        upkeep: Some(shared),
        handle: Handle::Sqlite(store),
    })
}

/// A SQLite store that only keeps sessions, and reports its health under their name.
struct OfSessions(Arc<SqliteStore>);

#[async_trait]
impl Probe for OfSessions {
    fn name(&self) -> &'static str {
        "sessions"
    }

    async fn check(&self) -> Result<(), Failure> {
        self.0.check().await
    }
}
