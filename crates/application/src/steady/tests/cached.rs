//! Caching while the shared cache is down.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use adapter_memory::{CacheBounds, ManualClock, MemoryCache};
use async_trait::async_trait;
use bytes::Bytes;
use domain::port::Cache;
use domain::port::cache::CacheKey;
use domain::{Failure, Rev, RoomId, Seq, UserId};
use futures::FutureExt as _;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::super::SteadyCache;
use super::super::outage::REST;
use super::stage::clock;

const LONG: Duration = Duration::from_hours(1);

/// A cache that goes down on command, and invalidates entries once its gate is open.
struct Frail {
    cache: MemoryCache,
    away: AtomicBool,
    gate: Semaphore,
}

impl Frail {
    fn here(&self) -> Result<&MemoryCache, Failure> {
        if self.away.load(Ordering::SeqCst) {
            Err(Failure::passing("cache", "answer", "connection refused"))
        } else {
            Ok(&self.cache)
        }
    }
}

#[async_trait]
impl Cache for Frail {
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure> {
        self.here()?.get(key).await
    }

    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure> {
        self.here()?.put(key, value, ttl).await
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), Failure> {
        self.here()?.remove(key).await
    }

    async fn forget_place(&self, room: RoomId, place: Seq) -> Result<(), Failure> {
        let cache = self.here()?;
        drop(self.gate.acquire().await.unwrap());
        cache.forget_place(room, place).await
    }

    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        self.here()?.claim(key, ttl).await
    }

    async fn hold_on(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        self.here()?.hold_on(key, ttl).await
    }

    async fn release(&self, key: &CacheKey) -> Result<(), Failure> {
        self.here()?.release(key).await
    }
}

struct Scene {
    clock: Arc<ManualClock>,
    shared: Arc<Frail>,
    cache: SteadyCache,
}

impl Scene {
    fn set() -> Self {
        let clock = clock();
        let empty = || MemoryCache::new(Arc::<ManualClock>::clone(&clock), CacheBounds::default());
        let shared = Arc::new(Frail {
            cache: empty(),
            away: AtomicBool::new(false),
            gate: Semaphore::new(1),
        });
        let cache = SteadyCache::new(
            Arc::<Frail>::clone(&shared),
            Arc::new(empty()),
            Arc::<ManualClock>::clone(&clock),
        );
        Self {
            clock,
            shared,
            cache,
        }
    }

    fn set_away(&self, away: bool) {
        self.shared.away.store(away, Ordering::SeqCst);
    }

    async fn has(&self, key: &CacheKey) -> bool {
        self.cache.get(key).await.unwrap().is_some()
    }
}

fn room() -> RoomId {
    RoomId::from_uuid(Uuid::from_u128(7))
}

fn key(from: i64, to: i64) -> CacheKey {
    CacheKey::Summary {
        room: room(),
        from: Seq::new(from).unwrap(),
        to: Seq::new(to).unwrap(),
        rev: Rev::ZERO,
        maker: "model".to_owned(),
    }
}

#[tokio::test]
async fn while_it_is_away_nothing_is_found_and_everybody_works() {
    let scene = Scene::set();
    let value = Bytes::from_static(b"told");
    scene
        .cache
        .put(&key(1, 9), value.clone(), LONG)
        .await
        .unwrap();
    assert!(scene.cache.claim(&key(1, 9), LONG).await.unwrap());
    scene.set_away(true);
    assert!(!scene.has(&key(1, 9)).await);
    scene.cache.put(&key(10, 19), value, LONG).await.unwrap();
    assert!(scene.cache.claim(&key(1, 9), LONG).await.unwrap());
    scene.cache.release(&key(1, 9)).await.unwrap();
    scene.cache.remove(&key(1, 9)).await.unwrap();

    scene.set_away(false);
    scene.clock.advance(REST);
    assert!(scene.has(&key(1, 9)).await);
    assert!(!scene.has(&key(10, 19)).await);
    assert!(!scene.cache.claim(&key(1, 9), LONG).await.unwrap());
}

fn mark(user: u128) -> CacheKey {
    CacheKey::Notified {
        room: room(),
        user: UserId::from_uuid(Uuid::from_u128(user)),
        device: None,
        read: Seq::ZERO,
        personal: false,
    }
}

#[tokio::test]
async fn who_was_notified_is_known_while_it_is_away_and_after_it_has_lost_that() {
    let scene = Scene::set();
    let (before, meanwhile) = (mark(1), mark(2));
    let value = Bytes::from_static(b"told");
    let put = scene.cache.put(&before, value.clone(), LONG);
    put.await.unwrap();
    scene.set_away(true);
    assert!(scene.has(&before).await);
    assert!(scene.cache.claim(&meanwhile, LONG).await.unwrap());
    assert!(!scene.cache.claim(&meanwhile, LONG).await.unwrap());
    scene.cache.put(&meanwhile, value, LONG).await.unwrap();
    scene.cache.release(&meanwhile).await.unwrap();
    assert!(scene.has(&meanwhile).await);
    assert!(!scene.has(&mark(3)).await);

    scene.set_away(false);
    scene.clock.advance(REST);
    scene.shared.cache.remove(&before).await.unwrap();
    assert!(scene.has(&before).await);
    assert!(scene.has(&meanwhile).await);
    assert!(scene.cache.claim(&meanwhile, LONG).await.unwrap());
}

#[tokio::test]
async fn a_claim_that_another_node_holds_is_not_taken_here() {
    let scene = Scene::set();
    let theirs = mark(1);
    let shared = &scene.shared.cache;
    assert!(shared.claim(&theirs, LONG).await.unwrap());
    assert!(!scene.cache.claim(&theirs, LONG).await.unwrap());
    shared.release(&theirs).await.unwrap();
    assert!(scene.cache.claim(&theirs, LONG).await.unwrap());
}

#[tokio::test]
async fn what_was_to_be_forgotten_is_forgotten_before_anything_is_found() {
    let scene = Scene::set();
    for (from, to) in [(1, 9), (10, 19), (20, 29)] {
        let value = Bytes::from_static(b"told");
        scene.cache.put(&key(from, to), value, LONG).await.unwrap();
    }
    scene.set_away(true);
    for place in [5, 12] {
        let place = Seq::new(place).unwrap();
        scene.cache.forget_place(room(), place).await.unwrap();
    }
    scene.set_away(false);
    scene.clock.advance(REST);
    assert!(!scene.has(&key(1, 9)).await);
    assert!(!scene.has(&key(10, 19)).await);
    assert!(scene.has(&key(20, 29)).await);
}

#[tokio::test]
async fn while_one_call_makes_up_for_the_outage_others_do_without_the_cache() {
    let scene = Scene::set();
    for (from, to) in [(1, 9), (20, 29)] {
        let value = Bytes::from_static(b"told");
        scene.cache.put(&key(from, to), value, LONG).await.unwrap();
    }
    scene.set_away(true);
    let place = Seq::new(5).unwrap();
    scene.cache.forget_place(room(), place).await.unwrap();
    scene.set_away(false);
    scene.clock.advance(REST);

    let gate = &scene.shared.gate;
    gate.acquire().await.unwrap().forget();
    let kept = key(20, 29);
    let mut paying = Box::pin(scene.has(&kept));
    assert!((&mut paying).now_or_never().is_none());
    assert!(!scene.has(&kept).await);
    gate.add_permits(1);
    assert!(paying.await);
    assert!(scene.has(&kept).await);
    assert!(!scene.has(&key(1, 9)).await);
}
