//! Everything behind the door, put together and running.

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
use super::jobs::{Work, courier, hear_every_message};
use super::media::{self, Files};
use super::push::pusher;
use super::sessions;
use super::shared::Shared;
use super::store::{self, Stored};
use super::summaries;
use crate::background::Background;
use crate::keys::Keys;
use crate::settings::{self, Settings};

/// For how long a spent refresh token still gets its replacement: the time in which a client that lost
/// the answer comes back.
const REFRESH_GRACE: Duration = Duration::from_mins(1);

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
    work: Work,
    sessions: sessions::Kept,
    store: store::Kept,
}

impl House {
    /// Puts everything together. Must be called within a runtime. Waits a while for the store, and for
    /// nobody else: without them some things work.
    pub async fn build(settings: &Settings, keys: &Keys) -> anyhow::Result<Self> {
        // It is large, and whoever awaits it need not be.
        Box::pin(Self::build_at(settings, keys, Arc::new(SystemClock))).await
    }

    /// The same, with another idea of what time it is.
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
        let kept = sessions::Kept::open(settings, &stored.kept, &clock)?;

        let tasks = TaskTracker::new();
        let options = group_commit(&settings.group_commit, &stored.kept);
        let commits = Arc::new(GroupCommit::new(stored.messages, options, &tasks));
        let cached = CachedSessions::new(Arc::clone(&kept.sessions), Arc::clone(&clock));
        let cached = Arc::new(cached);
        let (shared_probe, work_probe) = (shared.probe, work.probe());
        let others = kept.probe.iter().chain(&shared_probe).chain(&work_probe);
        let others = others.chain(&files.probe);
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
            courier: courier(&settings.webhooks),
            blobs: files.blobs,
            pictures: files.pictures,
            sessions: Arc::<CachedSessions>::clone(&cached),
            session_store: Arc::clone(&kept.sessions),
            push_subscriptions: Arc::clone(&kept.push_subscriptions),
            pusher: pusher(settings, keys, &clock)?,
            profiles: Arc::clone(&kept.profiles),
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
        let upkeep = std::iter::once(stored.upkeep).chain(kept.upkeep.clone());
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
            sessions: kept,
            store: stored.kept,
        })
    }

    /// Has something go on beside the requests until the end.
    pub(crate) fn beside(&self, task: impl Future<Output: Send> + Send + 'static) {
        self.background.run(task);
    }

    /// Finishes what was begun, tells the others, and closes the stores, that of the messages last.
    pub async fn close(self) {
        self.commits.close().await;
        self.use_cases.summarise.close().await;
        self.background.stop().await;
        self.work.close().await;
        self.sessions.close().await;
        self.store.close().await;
    }
}

/// A store with one writer gains nothing by several commits at once, and would share each among fewer.
fn group_commit(settings: &settings::GroupCommit, store: &store::Kept) -> GroupCommitOptions {
    GroupCommitOptions {
        lanes: match store {
            store::Kept::Sqlite(_) => 1,
            store::Kept::Memory | store::Kept::Postgres(_) => settings.lanes,
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

/// The processor's cores, as far as they can be told.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}
