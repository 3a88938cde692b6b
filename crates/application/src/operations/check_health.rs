//! The health of the backends.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::Timestamp;
use domain::port::{Clock, Probe};
use futures::future::join_all;
use tokio::time::timeout;

use crate::lock::lock;
use crate::{BackendHealth, Ports};

/// A backend that takes longer than this to answer is unhealthy.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a result is reused. Asking requires no login and is not rate-limited, so frequent
/// requests must not put load on the backends.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// Checks whether every backend works.
pub struct CheckHealth {
    probes: Vec<Arc<dyn Probe>>,
    clock: Arc<dyn Clock>,
    known: Mutex<Results>,
}

/// The latest results, and when a check in progress began.
#[derive(Default)]
struct Results {
    last: Option<(Timestamp, Vec<BackendHealth>)>,
    asked: Option<Timestamp>,
}

impl CheckHealth {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            probes: ports.probes.clone(),
            clock: Arc::clone(&ports.clock),
            known: Mutex::default(),
        }
    }

    /// The health of each backend, now or a moment ago, in the order in which they are wired. One
    /// check queries all of them at once and serves all concurrent callers.
    #[tracing::instrument(skip_all, name = "check_health")]
    pub async fn run(&self) -> Vec<BackendHealth> {
        if let Some(known) = lock(&self.known).recall(self.clock.now()) {
            return known;
        }
        let answers = join_all(self.probes.iter().map(|probe| self.ask(&**probe))).await;
        let mut known = lock(&self.known);
        for (health, why) in &answers {
            known.tell_news(health, why.as_deref());
        }
        let health: Vec<BackendHealth> = answers.into_iter().map(|(health, _)| health).collect();
        known.last = Some((self.clock.now(), health.clone()));
        known.asked = None;
        health
    }

    /// The health of a backend, and what is wrong with it. The latter goes to the log only: driver
    /// errors are not for the outside.
    async fn ask(&self, probe: &dyn Probe) -> (BackendHealth, Option<String>) {
        let asked = self.clock.now();
        let wrong = match timeout(PATIENCE, probe.check()).await {
            Ok(Ok(())) => None,
            Ok(Err(failure)) => Some(format!("{}", failure.chain())),
            Err(_) => Some("it did not answer in time".to_owned()),
        };
        let health = BackendHealth {
            name: probe.name(),
            well: wrong.is_none(),
            took: self.clock.now().since(asked),
        };
        (health, wrong)
    }
}

impl Results {
    /// Logs a backend's change of state once, however often it is checked.
    fn tell_news(&self, now: &BackendHealth, why: Option<&str>) {
        let same = |one: &&BackendHealth| one.name == now.name;
        let before = self.last.iter().flat_map(|(_, all)| all).find(same);
        let was_well = before.is_none_or(|before| before.well);
        match why {
            Some(error) if was_well => {
                tracing::warn!(backend = now.name, error, "a backend is unhealthy");
            }
            None if !was_well => tracing::info!(backend = now.name, "a backend is healthy again"),
            Some(_) | None => {}
        }
    }

    /// The result to reuse, or `None` if the caller must run a check. While a check is in progress
    /// others get the last result, unless that check has been abandoned.
    fn recall(&mut self, now: Timestamp) -> Option<Vec<BackendHealth>> {
        let asked = self.asked.is_some_and(|at| now.since(at) <= PATIENCE);
        if let Some((at, health)) = &self.last
            && (asked || now.since(*at) < GOOD_FOR)
        {
            return Some(health.clone());
        }
        self.asked = Some(now);
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::SeqCst;

    use async_trait::async_trait;
    use domain::Failure;
    use tokio::sync::Notify;

    use super::*;
    use crate::testing::World;

    enum Patient {
        Well,
        Ill,
        Silent,
    }

    #[async_trait]
    impl Probe for Patient {
        fn name(&self) -> &'static str {
            match self {
                Self::Well => "well",
                Self::Ill => "ill",
                Self::Silent => "silent",
            }
        }

        async fn check(&self) -> Result<(), Failure> {
            match self {
                Self::Well => Ok(()),
                Self::Ill => Err(Failure::passing("patient", "stand up", "fever")),
                Self::Silent => std::future::pending().await,
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_ill_or_silent_hides_no_other() {
        let mut world = World::new();
        world.ports.probes = vec![
            Arc::new(Patient::Silent),
            Arc::new(Patient::Well),
            Arc::new(Patient::Ill),
            Arc::new(Patient::Silent),
        ];
        let begun = tokio::time::Instant::now();
        let told: Vec<_> = CheckHealth::new(&world.ports)
            .run()
            .await
            .into_iter()
            .map(|health| (health.name, health.well))
            .collect();
        assert_eq!(
            told,
            [
                ("silent", false),
                ("well", true),
                ("ill", false),
                ("silent", false)
            ]
        );
        assert_eq!(begun.elapsed(), PATIENCE);
    }
    /// Counts how often it is checked, and answers only when allowed to.
    #[derive(Default)]
    struct Counted {
        asked: AtomicUsize,
        answer: Notify,
    }

    #[async_trait]
    impl Probe for Counted {
        fn name(&self) -> &'static str {
            "counted"
        }

        async fn check(&self) -> Result<(), Failure> {
            self.asked.fetch_add(1, SeqCst);
            self.answer.notified().await;
            Ok(())
        }
    }

    #[tokio::test]
    async fn many_who_ask_are_one_for_the_backends() {
        let mut world = World::new();
        let probe = Arc::new(Counted::default());
        world.ports.probes = vec![Arc::<Counted>::clone(&probe)];
        let check = CheckHealth::new(&world.ports);
        let times = |expected| assert_eq!(probe.asked.load(SeqCst), expected);

        probe.answer.notify_one();
        let first = check.run().await;
        assert_eq!(check.run().await, first);
        times(1);

        world.clock.advance(GOOD_FOR);
        let mut asking = Box::pin(check.run());
        assert!(futures::poll!(&mut asking).is_pending());
        times(2);
        assert_eq!(check.run().await, first);
        times(2);
        // The check in progress was abandoned, which is noticed in time.
        drop(asking);
        world.clock.advance(PATIENCE);
        assert_eq!(check.run().await, first);
        world.clock.advance(Duration::from_millis(1));
        probe.answer.notify_one();
        check.run().await;
        times(3);
    }
}
