//! The server's health.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::word::words;

words! {
    /// The health of something.
    pub enum HealthStatus {
        /// It works.
        Up = "ok",
        /// It works, but one of its backends does not.
        Degraded = "degraded",
        /// It does not work.
        Down = "down",
    }
}

/// The health of the server and its backends.
///
/// Some monitors look for a status and some for a flag, so the wire has both: `ok` is true unless the
/// server is down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "Wire", from = "Wire")]
pub struct Health {
    /// The overall status.
    pub status: HealthStatus,
    /// The status of each backend; empty if none was checked.
    pub backends: Vec<BackendHealth>,
}

/// The health of a backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackendHealth {
    /// The backend's name.
    pub name: String,
    /// Its status.
    pub state: HealthStatus,
    /// How long the check took, in milliseconds.
    pub milliseconds: u64,
}

/// The health of the server and its backends.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Health")]
struct Wire {
    /// The overall status.
    status: HealthStatus,
    /// Whether it works: true unless the server is down.
    ok: bool,
    /// The status of each backend; empty if none was checked.
    backends: Vec<BackendHealth>,
}

impl From<Health> for Wire {
    fn from(health: Health) -> Self {
        Self {
            status: health.status,
            ok: health.status != HealthStatus::Down,
            backends: health.backends,
        }
    }
}

impl From<Wire> for Health {
    fn from(wire: Wire) -> Self {
        Self {
            status: wire.status,
            backends: wire.backends,
        }
    }
}
