//! A Tertulia instance without a door.

use std::sync::Arc;
use std::time::Duration;

use adapter_credentials::{BcryptPasswords, JwtAccessTokens, SigningKey, TokenTerms};
use adapter_memory::{
    CacheBounds, ManualClock, MemoryBlobs, MemoryBudget, MemoryBus, MemoryCache, MemoryLimiter,
    MemoryPresence, MemoryProfiles, MemoryPusher, MemorySessions, MemoryStore, MemorySummariser,
    MemoryWebhookSender, SeededIds,
};
use adapter_pictures::SafePictures;
use domain::port::limiter::Limit;
use domain::port::{Clock as _, Sessions};
use domain::{Epoch, Timestamp};

use super::Ear;
use crate::{Limits, MediaBounds, Policy, Ports, Summaries};

/// A Tertulia instance without a door, on in-memory adapters.
pub(crate) struct World {
    pub(crate) ports: Ports,
    pub(crate) policy: Policy,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) pusher: Arc<MemoryPusher>,
}

impl World {
    /// An empty world with the default limits.
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)));
        let store = Arc::new(MemoryStore::new(Epoch::parse("test").unwrap()));
        let kept = Arc::new(MemorySessions::default());
        let sessions: Arc<dyn Sessions> = Arc::<MemorySessions>::clone(&kept);
        let pusher = Arc::new(MemoryPusher::new(Arc::<ManualClock>::clone(&clock)));
        let ports = Ports {
            users: Arc::<MemoryStore>::clone(&store),
            blocks: Arc::<MemoryStore>::clone(&store),
            rooms: Arc::<MemoryStore>::clone(&store),
            members: Arc::<MemoryStore>::clone(&store),
            invites: Arc::<MemoryStore>::clone(&store),
            messages: Arc::<MemoryStore>::clone(&store),
            cursors: Arc::<MemoryStore>::clone(&store),
            room_log: Arc::<MemoryStore>::clone(&store),
            search: Arc::<MemoryStore>::clone(&store),
            media: Arc::<MemoryStore>::clone(&store),
            webhooks: Arc::<MemoryStore>::clone(&store),
            webhook_log: store,
            webhook_sender: Arc::new(MemoryWebhookSender::default()),
            blobs: Arc::new(MemoryBlobs::default()),
            pictures: Arc::new(SafePictures::default()),
            session_store: Arc::clone(&sessions),
            sessions,
            push_subscriptions: kept,
            pusher: Some(Arc::<MemoryPusher>::clone(&pusher)),
            profiles: Arc::new(MemoryProfiles::default()),
            presence: Arc::new(MemoryPresence::default()),
            limiter: Arc::new(MemoryLimiter::default()),
            bus: Arc::new(MemoryBus::default()),
            cache: Arc::new(MemoryCache::new(
                Arc::<ManualClock>::clone(&clock),
                CacheBounds::default(),
            )),
            budget: Arc::new(MemoryBudget::default()),
            model: None,
            summariser: Arc::new(MemorySummariser),
            passwords: Arc::new(BcryptPasswords::new(4, 1, 1000).unwrap()),
            access_tokens: Arc::new(access_tokens()),
            clock: Arc::<ManualClock>::clone(&clock),
            ids: Arc::new(SeededIds::new(7)),
            probes: Vec::new(),
        };
        Self {
            ports,
            policy: policy(),
            clock,
            pusher,
        }
    }

    /// The current time.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sets the clock back by a span.
    pub(crate) fn set_back(&self, span: Duration) {
        self.clock.set(self.clock.now() - span);
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Starts listening on the bus.
    pub(crate) async fn ear(&self) -> Ear {
        Ear(self.ports.bus.listen().await.unwrap())
    }
}

/// Access tokens that are valid for a quarter of an hour.
fn access_tokens() -> JwtAccessTokens {
    let terms = TokenTerms {
        lifetime: Duration::from_mins(15),
        issuer: "tertulia".to_owned(),
        audience: "tests".to_owned(),
    };
    JwtAccessTokens::new(terms, SigningKey::secret(&[7; 32]), Vec::new(), [8; 32]).unwrap()
}

/// The default settings.
fn policy() -> Policy {
    let limit = |points, seconds| Limit {
        points,
        per: Duration::from_secs(seconds),
    };
    Policy {
        session_lifetime: Duration::from_hours(30 * 24),
        refresh_grace: Duration::from_mins(1),
        limits: Limits {
            message: limit(5, 10),
            login_address: limit(5, 60),
            login_network: limit(10, 900),
            login_account: limit(100, 3600),
            registration: limit(20, 3600),
            anonymous: limit(120, 60),
            person: limit(600, 60),
        },
        summaries: Summaries::default(),
        media: MediaBounds::default(),
        messages_are_heard: true,
        admin: None,
    }
}
