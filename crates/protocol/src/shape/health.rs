//! How the server is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::word::words;

words! {
    /// How something is.
    pub enum HealthStatus {
        /// It works.
        Up = "ok",
        /// It works, though something behind it does not.
        Degraded = "degraded",
        /// It does not work.
        Down = "down",
    }
}

/// How the server is, and what is behind it.
///
/// Some monitors look for a word and some for a flag, so the wire has both: `ok` is true unless the
/// server is down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "Wire", from = "Wire")]
pub struct Health {
    /// How the whole is.
    pub status: HealthStatus,
    /// How each backend is; empty where none was asked.
    pub backends: Vec<BackendHealth>,
}

/// How a backend is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackendHealth {
    /// Which.
    pub name: String,
    /// How it is.
    pub state: HealthStatus,
    /// How long it took to say so.
    pub milliseconds: u64,
}

/// How the server is, and what is behind it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Health")]
struct Wire {
    /// How the whole is.
    status: HealthStatus,
    /// Whether it works: true unless the server is down.
    ok: bool,
    /// How each backend is; empty where none was asked.
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
