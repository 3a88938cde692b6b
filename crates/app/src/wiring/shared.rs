//! State shared by nodes: presence, limits, the cache, the budget, and the bus.

use std::sync::Arc;

use adapter_memory::{
    CacheBounds, MemoryBudget, MemoryBus, MemoryCache, MemoryLimiter, MemoryPresence,
};
use adapter_redis::{self as redis, RedisStore};
use anyhow::Context as _;
use application::steady::{SteadyBudget, SteadyCache, SteadyLimiter, SteadyPresence};
use domain::port::{Budget, Bus, Cache, Clock, Ids, Limiter, Presence, Probe};

use crate::settings::Settings;

/// How many notices may be queued for a slow listener before it gets a gap instead.
const BACKLOG: usize = 4096;

/// Presence, limits, the cache, the budget and the bus, behind their ports.
pub(super) struct Shared {
    pub(super) presence: Arc<dyn Presence>,
    pub(super) limiter: Arc<dyn Limiter>,
    pub(super) cache: Arc<dyn Cache>,
    pub(super) budget: Arc<dyn Budget>,
    pub(super) bus: Arc<dyn Bus>,
    /// The health check, if there is a backend.
    pub(super) probe: Option<Arc<dyn Probe>>,
}

impl Shared {
    /// Opens what was chosen: Redis, with in-process fallbacks for outages, or only the latter.
    pub(super) fn open(
        settings: &Settings,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn Ids>,
    ) -> anyhow::Result<Self> {
        let presence = Arc::new(MemoryPresence::default());
        let limiter = Arc::new(MemoryLimiter::default());
        let budget = Arc::new(MemoryBudget::default());
        let cache = Arc::new(MemoryCache::new(Arc::clone(clock), CacheBounds::default()));
        let Some(url) = &settings.redis.url else {
            return Ok(Self {
                presence,
                limiter,
                cache,
                budget,
                bus: Arc::new(MemoryBus::new(BACKLOG)),
                probe: None,
            });
        };
        let options = redis::Options {
            prefix: settings.redis.prefix.clone(),
            connections: settings.redis.connections,
            ..redis::Options::default()
        };
        let store = RedisStore::open(url.expose(), &options, Arc::clone(ids))
            .context("REDIS_URL or redis.prefix cannot be used")?;
        let store = Arc::new(store);
        let shared = || Arc::<RedisStore>::clone(&store);
        Ok(Self {
            presence: Arc::new(SteadyPresence::new(shared(), presence, Arc::clone(clock))),
            limiter: Arc::new(SteadyLimiter::new(shared(), limiter, Arc::clone(clock))),
            cache: Arc::new(SteadyCache::new(shared(), cache, Arc::clone(clock))),
            budget: Arc::new(SteadyBudget::new(shared(), budget, Arc::clone(clock))),
            bus: shared(),
            probe: Some(shared()),
        })
    }
}
