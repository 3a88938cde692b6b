//! How the backends are.

use std::sync::Arc;
use std::time::Duration;

use domain::port::{Clock, Probe};
use futures::future::join_all;
use tokio::time::timeout;

use crate::{BackendHealth, Ports};

/// A backend that takes longer than this to answer is not well.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks every backend whether it can work.
pub struct CheckHealth {
    probes: Vec<Arc<dyn Probe>>,
    clock: Arc<dyn Clock>,
}

impl CheckHealth {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            probes: ports.probes.clone(),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// How each backend is, in the order in which they are wired. All are asked at once.
    pub async fn run(&self) -> Vec<BackendHealth> {
        join_all(self.probes.iter().map(|probe| self.ask(&**probe))).await
    }

    async fn ask(&self, probe: &dyn Probe) -> BackendHealth {
        let name = probe.name();
        let asked = self.clock.now();
        // Only the log is told why: what a driver says is nobody's business outside.
        let well = match timeout(PATIENCE, probe.check()).await {
            Ok(Ok(())) => true,
            Ok(Err(failure)) => {
                tracing::warn!(backend = name, error = %failure.chain(), "a backend is not well");
                false
            }
            Err(_) => {
                tracing::warn!(backend = name, "a backend does not answer");
                false
            }
        };
        BackendHealth {
            name,
            well,
            took: self.clock.now().since(asked),
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use domain::Failure;

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
}
