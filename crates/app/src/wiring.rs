//! Puts the chosen adapters behind the ports, and the use cases before them.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use adapter_credentials::{BcryptPasswords, JwtAccessTokens, TokenTerms};
use adapter_memory::{
    MemoryBus, MemoryLimiter, MemoryPresence, MemoryProfiles, MemorySessions, MemoryStore,
    RandomIds, SystemClock,
};
use adapter_sqlite::{self as sqlite, SqliteStore};
use anyhow::Context as _;
use application::account::CachedSessions;
use application::messages::{GroupCommit, GroupCommitOptions};
use application::{Limits, Policy, Ports, UseCases};
use domain::Epoch;
use domain::port::{
    AccessTokens, Blocks, Clock, CursorStore, Ids, Invites, MediaStore, Members, Messages,
    Passwords, Probe, Profiles, RoomLog, Rooms, Search, Sessions, Upkeep, Users,
};
use tokio_util::task::TaskTracker;

use crate::background::Background;
use crate::keys::{Keys, SigningKey};
use crate::settings::{self, Auth, Settings, Store};

/// For how long a spent refresh token still gets its replacement: the time in which a client that lost
/// the answer comes back.
const REFRESH_GRACE: Duration = Duration::from_mins(1);
/// Notices that may wait for a slow listener before it is told of a gap instead.
const BUS_BACKLOG: usize = 4096;

/// Everything behind the door, put together and running.
pub struct House {
    /// What can be done.
    pub use_cases: Arc<UseCases>,
    /// Where names come from.
    pub ids: Arc<dyn Ids>,
    /// Where messages go, past authorisation; for benchmarks and tests of the wiring.
    pub ports: Ports,
    commits: Arc<GroupCommit>,
    background: Background,
    store: Kept,
}

/// The store, to be closed last.
enum Kept {
    Memory,
    Sqlite(SqliteStore),
}

impl House {
    /// Puts everything together. Must be called within a runtime.
    pub fn build(settings: &Settings, keys: &Keys) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let ids: Arc<dyn Ids> = Arc::new(RandomIds::new(Arc::clone(&clock)));
        let common = Common {
            passwords: Arc::new(passwords(&settings.auth)?),
            access_tokens: Arc::new(access_tokens(&settings.auth, keys)?),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let (mut ports, upkeep, store) = match settings.store() {
            Store::Memory => in_memory(common)?,
            Store::Sqlite(path) => in_sqlite(common, &path)?,
            Store::Postgres(_) => anyhow::bail!("this build has no Postgres adapter yet"),
        };

        let tasks = TaskTracker::new();
        let commits = Arc::new(GroupCommit::new(
            Arc::clone(&ports.messages),
            group_commit(&settings.group_commit, &store),
            &tasks,
        ));
        let sessions = Arc::new(CachedSessions::new(
            Arc::clone(&ports.sessions),
            Arc::clone(&clock),
        ));
        ports.messages = Arc::<GroupCommit>::clone(&commits);
        ports.sessions = Arc::<CachedSessions>::clone(&sessions);
        let use_cases = Arc::new(UseCases::new(&ports, &policy(settings)));

        let background = Background::start(tasks);
        background.listen(&ports.bus, sessions, Arc::clone(&use_cases));
        background.tidy(upkeep, &clock);
        Ok(Self {
            use_cases,
            ids,
            ports,
            commits,
            background,
            store,
        })
    }

    /// Finishes what was begun and closes the store.
    pub async fn close(self) {
        self.commits.close().await;
        self.background.stop().await;
        match self.store {
            Kept::Memory => {}
            Kept::Sqlite(store) => store.close().await,
        }
    }
}

/// What is the same wherever things are kept.
struct Common {
    passwords: Arc<dyn Passwords>,
    access_tokens: Arc<dyn AccessTokens>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

type Stored = (Ports, Vec<Arc<dyn Upkeep>>, Kept);

fn in_memory(common: Common) -> anyhow::Result<Stored> {
    let epoch = Epoch::parse(common.ids.uuid().to_string())?;
    let store = Arc::new(MemoryStore::new(epoch));
    let sessions = Arc::new(MemorySessions::default());
    let upkeep: Vec<Arc<dyn Upkeep>> = vec![
        Arc::<MemoryStore>::clone(&store),
        Arc::<MemorySessions>::clone(&sessions),
    ];
    let profiles = Arc::new(MemoryProfiles::default());
    let ports = ports(common, &store, sessions, profiles);
    Ok((ports, upkeep, Kept::Memory))
}

fn in_sqlite(common: Common, path: &Path) -> anyhow::Result<Stored> {
    let store = SqliteStore::open(path, sqlite::Options::default())?;
    let shared = Arc::new(store.clone());
    let upkeep: Vec<Arc<dyn Upkeep>> = vec![Arc::<SqliteStore>::clone(&shared)];
    let (sessions, profiles) = (Arc::clone(&shared), Arc::clone(&shared));
    let ports = ports(common, &shared, sessions, profiles);
    Ok((ports, upkeep, Kept::Sqlite(store)))
}

/// One store behind all ports that a store serves.
fn ports<S>(
    common: Common,
    store: &Arc<S>,
    sessions: Arc<dyn Sessions>,
    profiles: Arc<dyn Profiles>,
) -> Ports
where
    S: Users + Blocks + Rooms + Members + Invites + Messages,
    S: CursorStore + RoomLog + Search + MediaStore + Probe,
{
    Ports {
        users: Arc::<S>::clone(store),
        blocks: Arc::<S>::clone(store),
        rooms: Arc::<S>::clone(store),
        members: Arc::<S>::clone(store),
        invites: Arc::<S>::clone(store),
        messages: Arc::<S>::clone(store),
        cursors: Arc::<S>::clone(store),
        room_log: Arc::<S>::clone(store),
        search: Arc::<S>::clone(store),
        media: Arc::<S>::clone(store),
        probes: vec![Arc::<S>::clone(store)],
        sessions,
        profiles,
        presence: Arc::new(MemoryPresence::default()),
        limiter: Arc::new(MemoryLimiter::default()),
        bus: Arc::new(MemoryBus::new(BUS_BACKLOG)),
        passwords: common.passwords,
        access_tokens: common.access_tokens,
        clock: common.clock,
        ids: common.ids,
    }
}

fn passwords(auth: &Auth) -> anyhow::Result<BcryptPasswords> {
    let threads = match auth.hashing_threads {
        0 => cores().div_ceil(2),
        threads => threads,
    };
    BcryptPasswords::new(auth.bcrypt_cost, threads, auth.hashing_queue)
        .context("passwords cannot be hashed")
}

fn access_tokens(auth: &Auth, keys: &Keys) -> anyhow::Result<JwtAccessTokens> {
    let terms = TokenTerms {
        lifetime: auth.jwt_expiration,
        issuer: auth.issuer.clone(),
        audience: auth.audience.clone(),
    };
    let signing = match &keys.signing {
        SigningKey::Secret(secret) => adapter_credentials::SigningKey::secret(secret),
        SigningKey::Pem(pem) => {
            adapter_credentials::SigningKey::pem(pem).context("auth.key_file cannot be used")?
        }
    };
    JwtAccessTokens::new(terms, signing, Vec::new(), keys.refresh)
        .context("tokens cannot be signed")
}

/// A store with one writer gains nothing by several commits at once, and would share each among fewer.
fn group_commit(settings: &settings::GroupCommit, store: &Kept) -> GroupCommitOptions {
    GroupCommitOptions {
        lanes: match store {
            Kept::Sqlite(_) => 1,
            Kept::Memory => settings.lanes,
        },
        lane_queue: settings.lane_queue,
        batch: settings.batch,
    }
}

fn policy(settings: &Settings) -> Policy {
    let limits = &settings.limits;
    Policy {
        session_lifetime: Duration::from_secs(settings.auth.refresh_days * 24 * 60 * 60),
        refresh_grace: REFRESH_GRACE,
        limits: Limits {
            message: limits.message,
            login_address: limits.login_ip,
            login_network: limits.login_account_network,
            login_account: limits.login_account,
            registration: limits.register_ip,
            anonymous: limits.anonymous,
            person: limits.user,
        },
    }
}

/// The processor's cores, as far as they can be told.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}
