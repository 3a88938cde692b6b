//! The health of the server.

use application::BackendHealth;
use protocol::shape::{self, HealthStatus};

/// Without this backend the server is down; without any other it is degraded.
const STORE: &str = "store";

/// The health of the server, given that of its backends.
pub(crate) fn health(backends: Vec<BackendHealth>) -> shape::Health {
    let ill = |health: &BackendHealth| !health.well;
    let status = if backends
        .iter()
        .any(|health| ill(health) && health.name == STORE)
    {
        HealthStatus::Down
    } else if backends.iter().any(ill) {
        HealthStatus::Degraded
    } else {
        HealthStatus::Up
    };
    shape::Health {
        status,
        backends: backends.into_iter().map(backend).collect(),
    }
}

fn backend(health: BackendHealth) -> shape::BackendHealth {
    shape::BackendHealth {
        name: health.name.to_owned(),
        state: if health.well {
            HealthStatus::Up
        } else {
            HealthStatus::Down
        },
        milliseconds: u64::try_from(health.took.as_millis()).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn status(backends: &[(&'static str, bool)]) -> HealthStatus {
        let backend = |(name, well): &(&'static str, bool)| BackendHealth {
            name,
            well: *well,
            took: Duration::ZERO,
        };
        health(backends.iter().map(backend).collect()).status
    }

    #[test]
    fn only_the_store_takes_everything_down() {
        assert_eq!(status(&[]), HealthStatus::Up);
        assert_eq!(status(&[("store", true), ("bus", true)]), HealthStatus::Up);
        assert_eq!(
            status(&[("store", true), ("bus", false)]),
            HealthStatus::Degraded
        );
        assert_eq!(
            status(&[("store", false), ("bus", true)]),
            HealthStatus::Down
        );
    }
}
