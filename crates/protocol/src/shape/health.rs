//! How the server is.

use serde::{Deserialize, Serialize};

use crate::word::words;

words! {
    /// How something is.
    pub enum HealthStatus {
        /// It works.
        Up = "up",
        /// It works, though something behind it does not.
        Degraded = "degraded",
        /// It does not work.
        Down = "down",
    }
}

/// How the server is, and what is behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// How the whole is.
    pub status: HealthStatus,
    /// How each backend is; empty where none was asked.
    pub backends: Vec<BackendHealth>,
}

/// How a backend is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackendHealth {
    /// Which.
    pub name: String,
    /// How it is.
    pub state: HealthStatus,
    /// How long it took to say so.
    pub milliseconds: u64,
}
