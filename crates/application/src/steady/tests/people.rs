//! Presence while the shared store is down.

use std::sync::Arc;
use std::time::Duration;

use adapter_memory::{ManualClock, MemoryPresence, SeededIds};
use domain::port::presence::{Arrival, Departure, Lease, Subject};
use domain::port::{Clock as _, IdsExt as _, Presence as _};

use super::super::SteadyPresence;
use super::super::outage::REST;
use super::super::presence::SETTLING;
use super::stage::{Shared, clock, later};

/// As long as a lease lasts.
const LEASE: Duration = Duration::from_secs(50);
const GRACE: Duration = Duration::from_secs(10);

struct Scene {
    clock: Arc<ManualClock>,
    shared: Arc<Shared>,
    presence: SteadyPresence,
    ids: SeededIds,
}

impl Scene {
    fn set() -> Self {
        let clock = clock();
        let shared = Arc::new(Shared::default());
        let presence = SteadyPresence::new(
            Arc::<Shared>::clone(&shared),
            Arc::new(MemoryPresence::default()),
            Arc::<ManualClock>::clone(&clock),
        );
        Self {
            clock,
            shared,
            presence,
            ids: SeededIds::new(7),
        }
    }

    fn lease(&self) -> Lease {
        Lease {
            subject: Subject::Person(self.ids.next()),
            connection: self.ids.next(),
            node: self.ids.next(),
            until: later(&self.clock, LEASE),
        }
    }

    /// A user who connects to this node.
    async fn here(&self) -> (Lease, Arrival) {
        let lease = self.lease();
        let now = self.clock.now();
        let arrived = self.presence.connect(&lease, now, now).await.unwrap();
        (lease, arrived.arrival)
    }

    /// A user who connects to another node.
    async fn elsewhere(&self) -> Lease {
        let lease = self.lease();
        let now = self.clock.now();
        let arrived = self.shared.presence.connect(&lease, now, now);
        arrived.await.unwrap();
        lease
    }

    async fn renew(&self, lease: &mut Lease) {
        lease.until = later(&self.clock, LEASE);
        self.presence.renew(&[*lease]).await.unwrap();
    }

    async fn release(&self, lease: &Lease) {
        let (now, until) = (self.clock.now(), later(&self.clock, GRACE));
        let Lease {
            subject,
            connection,
            ..
        } = *lease;
        let released = self.presence.release(subject, connection, until, now);
        assert_ne!(released.await.unwrap(), Departure::Went);
    }

    /// Closes a connection, which counts no longer from now on.
    async fn end(&self, lease: &Lease) -> Departure {
        let now = self.clock.now();
        let ended = self
            .presence
            .release(lease.subject, lease.connection, now, now);
        ended.await.unwrap()
    }

    async fn here_are(&self, subjects: &[Subject]) -> Vec<Subject> {
        let here = self.presence.here(subjects, self.clock.now());
        here.await.unwrap()
    }

    async fn sweep(&self) -> Vec<Subject> {
        self.presence.sweep(self.clock.now()).await.unwrap()
    }

    async fn is_shared(&self, subject: Subject) -> bool {
        let subjects = [subject];
        let shared = self.shared.presence.here(&subjects, self.clock.now());
        shared.await.unwrap() == subjects
    }

    /// Takes the shared store down, and waits until that is noticed.
    async fn go_away(&self) {
        self.shared.set_away(true);
        self.here_are(&[]).await;
    }

    /// Brings the shared store back, and waits until that is noticed.
    async fn come_back(&self) {
        self.shared.set_away(false);
        self.clock.advance(REST);
        self.here_are(&[]).await;
        self.shared.asked();
    }
}

#[tokio::test]
async fn while_it_answers_people_are_online_wherever_they_are() {
    let scene = Scene::set();
    let (ana, arrival) = scene.here().await;
    let ben = scene.elsewhere().await;
    assert_eq!(arrival, Arrival::Came);
    let both = [ben.subject, ana.subject];
    assert_eq!(scene.here_are(&both).await, both);
    assert!(scene.is_shared(ana.subject).await);
}

#[tokio::test]
async fn when_it_fails_those_are_online_who_are_connected_here() {
    let scene = Scene::set();
    let (ana, _) = scene.here().await;
    let ben = scene.elsewhere().await;
    scene.go_away().await;
    assert_eq!(
        scene.here_are(&[ana.subject, ben.subject]).await,
        [ana.subject]
    );
    let (cleo, arrival) = scene.here().await;
    assert_eq!(arrival, Arrival::Came);
    assert_eq!(
        scene.here_are(&[ana.subject, cleo.subject]).await,
        [ana.subject, cleo.subject]
    );

    scene.release(&cleo).await;
    scene.clock.advance(GRACE);
    assert_eq!(scene.sweep().await, [cleo.subject]);
    assert_eq!(scene.sweep().await, []);
    assert_eq!(
        scene.here_are(&[ana.subject, cleo.subject]).await,
        [ana.subject]
    );
}

#[tokio::test]
async fn connections_are_counted_over_all_nodes_and_without_them_here() {
    let scene = Scene::set();
    let tab = scene.lease();
    let another = || Lease {
        connection: scene.ids.next(),
        ..tab
    };
    let now = scene.clock.now();
    let phone = another();
    let there = scene.shared.presence.connect(&phone, now, now);
    there.await.unwrap();
    let open = async |lease: Lease| {
        let arrived = scene.presence.connect(&lease, now, now).await;
        arrived.unwrap().open
    };
    assert_eq!(open(tab).await, 2);
    scene.go_away().await;
    assert_eq!(open(another()).await, 2);
    assert_eq!(open(another()).await, 3);
}

#[tokio::test]
async fn a_renewal_tells_the_shared_one_what_it_missed() {
    let scene = Scene::set();
    scene.go_away().await;
    let (mut ana, _) = scene.here().await;
    scene.come_back().await;
    assert!(!scene.is_shared(ana.subject).await);
    assert_eq!(scene.here_are(&[ana.subject]).await, [ana.subject]);
    scene.renew(&mut ana).await;
    assert!(scene.is_shared(ana.subject).await);
}

#[tokio::test]
async fn who_is_connected_is_not_taken_for_departed_after_an_outage() {
    let scene = Scene::set();
    let (mut ana, _) = scene.here().await;
    let mut ben = scene.elsewhere().await;
    scene.go_away().await;
    // Longer than a lease lasts, so that none is left in the shared store.
    for _ in 0..3 {
        scene.clock.advance(LEASE / 2);
        scene.renew(&mut ana).await;
        assert_eq!(scene.sweep().await, []);
    }
    scene.come_back().await;
    assert_eq!(scene.sweep().await, []);
    scene.renew(&mut ana).await;
    ben.until = later(&scene.clock, LEASE);
    scene.shared.presence.renew(&[ben]).await.unwrap();
    scene.clock.advance(SETTLING);
    assert_eq!(scene.sweep().await, []);
    assert_eq!(scene.here_are(&[ana.subject, ben.subject]).await.len(), 2);
}

#[tokio::test]
async fn those_of_a_node_that_died_meanwhile_depart_in_the_end() {
    let scene = Scene::set();
    let ben = scene.elsewhere().await;
    scene.go_away().await;
    scene.clock.advance(LEASE);
    scene.come_back().await;
    assert_eq!(scene.sweep().await, []);
    scene.clock.advance(SETTLING);
    assert_eq!(scene.sweep().await, [ben.subject]);
}

#[tokio::test]
async fn who_leaves_while_it_settles_departs_if_nobody_knows_them() {
    let scene = Scene::set();
    scene.go_away().await;
    let (ana, _) = scene.here().await;
    let (ben, _) = scene.here().await;
    scene.come_back().await;
    let phone = Lease {
        connection: scene.ids.next(),
        ..ben
    };
    let now = scene.clock.now();
    let there = scene.shared.presence.connect(&phone, now, now);
    there.await.unwrap();
    for lease in [&ana, &ben] {
        scene.release(lease).await;
    }
    scene.clock.advance(GRACE);
    assert_eq!(scene.sweep().await, [ana.subject]);
    assert_eq!(
        scene.here_are(&[ana.subject, ben.subject]).await,
        [ben.subject]
    );
}

#[tokio::test]
async fn who_is_connected_here_is_online_though_the_shared_one_lost_everything() {
    let scene = Scene::set();
    let (ana, _) = scene.here().await;
    let gone = scene.shared.presence.release(
        ana.subject,
        ana.connection,
        scene.clock.now(),
        scene.clock.now(),
    );
    gone.await.unwrap();
    assert!(!scene.is_shared(ana.subject).await);
    assert_eq!(scene.here_are(&[ana.subject]).await, [ana.subject]);
    assert_eq!(scene.sweep().await, []);
}

#[tokio::test]
async fn who_leaves_last_is_known_over_all_nodes_and_without_them_here() {
    let scene = Scene::set();
    let (ana, _) = scene.here().await;
    let phone = Lease {
        connection: scene.ids.next(),
        ..ana
    };
    let now = scene.clock.now();
    let there = scene.shared.presence.connect(&phone, now, now);
    there.await.unwrap();
    assert_eq!(scene.end(&ana).await, Departure::IsHere);
    let (ben, _) = scene.here().await;
    assert_eq!(scene.end(&ben).await, Departure::Went);
    assert_eq!(scene.end(&ben).await, Departure::Unknown);

    let (cleo, _) = scene.here().await;
    scene.go_away().await;
    assert_eq!(scene.end(&cleo).await, Departure::Went);
}

#[tokio::test]
async fn who_came_during_an_outage_leaves_after_it() {
    let scene = Scene::set();
    scene.go_away().await;
    let (ana, _) = scene.here().await;
    scene.come_back().await;
    assert_eq!(scene.end(&ana).await, Departure::Went);
}

#[tokio::test]
async fn who_listens_here_by_another_connection_has_not_left_though_the_shared_one_forgot() {
    let scene = Scene::set();
    scene.go_away().await;
    let (ana, _) = scene.here().await;
    scene.come_back().await;
    let tab = Lease {
        connection: scene.ids.next(),
        ..ana
    };
    let now = scene.clock.now();
    let arrived = scene.presence.connect(&tab, now, now).await.unwrap();
    assert_eq!(arrived.arrival, Arrival::Came, "as far as all know");
    assert_eq!(scene.end(&tab).await, Departure::IsHere);
    assert_eq!(scene.end(&ana).await, Departure::Went);
}
