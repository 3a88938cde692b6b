//! Obligations of [`domain::port::Probe`].

use std::sync::Arc;
use std::time::Duration;

use domain::Retry;
use domain::port::Probe;
use tokio::time::timeout;

use crate::{CROWD, at_once};

contract!(probe {
    a_working_backend_passes,
    a_backend_that_is_away_fails,
    a_name_is_plain_words,
});

/// Probes of backends in a known state.
#[derive(Default)]
pub struct Probes {
    /// Of backends that work.
    pub working: Vec<Arc<dyn Probe>>,
    /// Of backends that are away: a closed port, a removed folder. None if the backend is this process
    /// itself.
    pub away: Vec<Arc<dyn Probe>>,
}

/// The longest that a check may take, on a busy machine.
const SECONDS: Duration = Duration::from_secs(30);

pub async fn a_working_backend_passes(probes: &Probes) {
    assert!(!probes.working.is_empty());
    for probe in &probes.working {
        for _ in 0..3 {
            probe.check().await.unwrap();
        }
        let checks = at_once(CROWD, |_| {
            let probe = Arc::clone(probe);
            async move { probe.check().await }
        })
        .await;
        for check in checks {
            check.unwrap();
        }
    }
}

pub async fn a_backend_that_is_away_fails(probes: &Probes) {
    for probe in &probes.away {
        for _ in 0..2 {
            let check = timeout(SECONDS, probe.check()).await.unwrap();
            let failure = check.unwrap_err();
            assert_ne!(failure.retry, Retry::Shortly, "{}", failure.chain());
        }
    }
}

pub async fn a_name_is_plain_words(probes: &Probes) {
    for probe in probes.working.iter().chain(&probes.away) {
        let name = probe.name();
        let plain = |c: char| c.is_ascii_lowercase() || c == ' ';
        assert!(name.trim() == name && name.chars().all(plain), "{name:?}");
        assert!((1..=40).contains(&name.len()), "{name:?}");
        assert_eq!(probe.name(), name);
    }
}
