//! Everything behind the HTTP server, wired up and running.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use adapter_memory::{RandomIds, SystemClock};
use application::account::CachedSessions;
use application::media::{ClearOrphans, ClearStrays};
use application::messages::{GroupCommit, GroupCommitOptions};
use application::operations::AdminKey;
use application::{Limits, Policy, Ports, UseCases};
use domain::port::{Clock, Ids, Upkeep};
use tokio_util::task::TaskTracker;

use super::credentials::{access_tokens, passwords};
use super::jobs::{Work, hear_every_message, webhook_sender};
use super::media::{self, Files};
use super::push::pusher;
use super::sessions;
use super::shared::Shared;
use super::store::{self, Stored};
use super::summaries;
use crate::background::Background;
use crate::keys::Keys;
use crate::settings::{self, Settings};

/// For how long a spent refresh token still yields its successor: a client that lost the response
/// may retry within this time.
const REFRESH_GRACE: Duration = Duration::from_mins(1);

/// Everything behind the HTTP server, wired up and running.
pub struct House {
    /// The use cases.
    pub use_cases: Arc<UseCases>,
    /// Generates ids.
    pub ids: Arc<dyn Ids>,
    /// The ports, without authorisation; for benchmarks and tests of the wiring.
    pub ports: Ports,
    commits: Arc<GroupCommit>,
    background: Background,
    work: Work,
    sessions: sessions::Stored,
    store: store::Handle,
}

impl House {
    /// Wires everything up. Must be called within a runtime. Waits a while for the store, but for
    /// no other backend: some things work without those.
    pub async fn build(settings: &Settings, keys: &Keys) -> anyhow::Result<Self> {
        // Boxed, because the future is large.
        Box::pin(Self::build_at(settings, keys, Arc::new(SystemClock))).await
    }

    /// The same, with another clock.
    #[expect(
        clippy::too_many_lines,
        reason = "one line a part, in the order in which they need each other"
    )]
    pub(crate) async fn build_at(
        settings: &Settings,
        keys: &Keys,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let ids: Arc<dyn Ids> = Arc::new(RandomIds::new(Arc::clone(&clock)));
        let (passwords, tokens) = (
            passwords(&settings.auth)?,
            access_tokens(&settings.auth, keys)?,
        );
        let shared = Shared::open(settings, &clock, &ids)?;
        let stored = Stored::open(settings, &*ids).await?;
        let work = Work::open(settings, &stored.outbox, &clock)?;
        let files = Files::open(settings)?;
        let sessions = sessions::Stored::open(settings, &stored.handle, &clock)?;

        let tasks = TaskTracker::new();
        let options = group_commit(&settings.group_commit, &stored.handle);
        let commits = Arc::new(GroupCommit::new(stored.messages, options, &tasks));
        let cached = CachedSessions::new(Arc::clone(&sessions.sessions), Arc::clone(&clock));
        let cached = Arc::new(cached);
        let (shared_probe, work_probe) = (shared.probe, work.probe());
        let others = sessions.probe.iter().chain(&shared_probe);
        let others = others.chain(&work_probe).chain(&files.probe);
        let others = others.map(Arc::clone);
        let ports = Ports {
            users: stored.users,
            blocks: stored.blocks,
            rooms: stored.rooms,
            members: stored.members,
            invites: stored.invites,
            messages: Arc::<GroupCommit>::clone(&commits),
            cursors: stored.cursors,
            room_log: stored.room_log,
            search: stored.search,
            media: stored.media,
            webhooks: stored.webhooks,
            webhook_log: stored.webhook_log,
            webhook_sender: webhook_sender(&settings.webhooks),
            blobs: files.blobs,
            pictures: files.pictures,
            sessions: Arc::<CachedSessions>::clone(&cached),
            session_store: Arc::clone(&sessions.sessions),
            push_subscriptions: Arc::clone(&sessions.push_subscriptions),
            pusher: pusher(settings, keys, &clock)?,
            profiles: Arc::clone(&sessions.profiles),
            presence: shared.presence,
            limiter: shared.limiter,
            bus: work.ring_at(shared.bus),
            cache: shared.cache,
            budget: shared.budget,
            model: summaries::model(settings)?,
            summariser: summaries::local(),
            passwords,
            access_tokens: tokens,
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            probes: std::iter::once(stored.probe).chain(others).collect(),
        };
        let policy = policy(settings);
        let use_cases = Arc::new(UseCases::new(&ports, &policy));

        let background = Background::start(tasks);
        background.listen(&ports.bus, cached, Arc::clone(&use_cases));
        let upkeep = std::iter::once(stored.upkeep).chain(sessions.upkeep.clone());
        let orphans: Arc<dyn Upkeep> = Arc::new(ClearOrphans::new(&ports, &policy));
        let strays: Arc<dyn Upkeep> = Arc::new(ClearStrays::new(&ports));
        let upkeep = upkeep.chain([orphans, strays]);
        background.tidy(upkeep, &clock);
        work.begin(&background, &ports, &use_cases.webhooks);
        Ok(Self {
            use_cases,
            ids,
            ports,
            commits,
            background,
            work,
            sessions,
            store: stored.handle,
        })
    }

    /// Runs a task in the background until shutdown, and again after a panic.
    pub(crate) fn beside<F>(&self, name: &'static str, task: impl FnMut() -> F + Send + 'static)
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.background.run(name, task);
    }

    /// Finishes pending work, announces the shutdown, and closes the stores, that of messages last.
    pub async fn close(self) {
        self.commits.close().await;
        self.use_cases.summarise.close().await;
        self.background.stop().await;
        self.work.close().await;
        self.sessions.close().await;
        self.store.close().await;
    }
}

/// A store with a single writer gains nothing from concurrent commits; more lanes would only make
/// its batches smaller.
fn group_commit(settings: &settings::GroupCommit, store: &store::Handle) -> GroupCommitOptions {
    GroupCommitOptions {
        lanes: match store {
            store::Handle::Sqlite(_) => 1,
            store::Handle::Memory | store::Handle::Postgres(_) => settings.lanes,
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
        summaries: summaries::policy(settings),
        media: media::bounds(&settings.media),
        messages_are_heard: hear_every_message(settings),
        admin: settings
            .admin
            .token
            .as_ref()
            .map(|it| AdminKey::of(it.expose())),
    }
}

/// The number of cores, as far as it is known.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}
