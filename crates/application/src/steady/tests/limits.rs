//! Rate limits while the shared limiter is down.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use adapter_memory::{ManualClock, MemoryLimiter};
use domain::port::limiter::{Admission, Limit, LimitKey};
use domain::port::{Clock as _, Limiter as _};

use super::super::SteadyLimiter;
use super::super::outage::REST;
use super::stage::{Shared, clock};

const KEY: LimitKey = LimitKey::Anonymous(IpAddr::V4(Ipv4Addr::LOCALHOST));
const TWO: Limit = Limit {
    points: 2,
    per: Duration::from_hours(2),
};

struct Scene {
    clock: Arc<ManualClock>,
    shared: Arc<Shared>,
    limiter: SteadyLimiter,
}

impl Scene {
    fn set() -> Self {
        let clock = clock();
        let shared = Arc::new(Shared::default());
        let limiter = SteadyLimiter::new(
            Arc::<Shared>::clone(&shared),
            Arc::new(MemoryLimiter::default()),
            Arc::<ManualClock>::clone(&clock),
        );
        Self {
            clock,
            shared,
            limiter,
        }
    }

    /// Whether there was a point left, and how often the shared limiter was asked for it.
    async fn admits(&self) -> (bool, usize) {
        let admission = self.limiter.admit(&KEY, TWO, self.clock.now()).await;
        let granted = matches!(admission.unwrap(), Admission::Granted { .. });
        (granted, self.shared.asked())
    }
}

#[tokio::test]
async fn while_it_answers_the_shared_one_alone_counts() {
    let scene = Scene::set();
    let elsewhere = scene.shared.limiter.admit(&KEY, TWO, scene.clock.now());
    elsewhere.await.unwrap();
    assert_eq!(scene.admits().await, (true, 1));
    assert_eq!(scene.admits().await, (false, 1));
    let back = scene.limiter.give_back(&KEY, TWO, scene.clock.now());
    back.await.unwrap();
    assert_eq!(scene.shared.asked(), 1);
    assert_eq!(scene.admits().await, (true, 1));
}

#[tokio::test]
async fn when_it_fails_this_node_counts_by_itself() {
    let scene = Scene::set();
    assert_eq!(scene.admits().await, (true, 1));
    scene.shared.set_away(true);
    assert_eq!(scene.admits().await, (true, 1));
    assert_eq!(scene.admits().await, (true, 0));
    assert_eq!(scene.admits().await, (false, 0));
    let back = scene.limiter.give_back(&KEY, TWO, scene.clock.now());
    back.await.unwrap();
    assert_eq!(scene.admits().await, (true, 0));
    assert_eq!(scene.admits().await, (false, 0));
}

#[tokio::test]
async fn after_each_rest_one_asks_for_all() {
    let scene = Scene::set();
    scene.shared.set_away(true);
    assert_eq!(scene.admits().await, (true, 1));
    for _ in 0..3 {
        scene.clock.advance(REST / 2);
        assert_eq!(scene.admits().await.1, 0);
        scene.clock.advance(REST / 2);
        assert_eq!(scene.admits().await.1, 1);
        assert_eq!(scene.admits().await.1, 0);
    }
    // The one that asks may never hear an answer.
    scene.clock.advance(REST);
    drop(
        scene
            .limiter
            .outage
            .ask(std::future::pending::<Result<(), _>>()),
    );
    assert_eq!(scene.admits().await.1, 1);

    scene.shared.set_away(false);
    scene.clock.advance(REST);
    for _ in 0..3 {
        assert_eq!(scene.admits().await.1, 1);
    }
}

#[tokio::test]
async fn while_one_asks_the_others_do_not_wait() {
    let scene = Scene::set();
    scene.shared.set_away(true);
    scene.admits().await;
    scene.clock.advance(REST);
    let mut probe = Box::pin(
        scene
            .limiter
            .outage
            .ask(std::future::pending::<Result<(), _>>()),
    );
    assert!(futures::poll!(&mut probe).is_pending());
    assert_eq!(scene.admits().await.1, 0);
}

#[tokio::test]
async fn a_clock_that_is_set_back_prolongs_no_rest() {
    let scene = Scene::set();
    scene.shared.set_away(true);
    assert_eq!(scene.admits().await.1, 1);
    scene.clock.set(scene.clock.now() - REST * 100);
    assert_eq!(scene.admits().await.1, 1);
    assert_eq!(scene.admits().await.1, 0);
    scene.shared.set_away(false);
    scene.clock.advance(REST);
    assert_eq!(scene.admits().await.1, 1);
    assert_eq!(scene.admits().await.1, 1);
}
