//! What the process tells about itself while it runs: events, for people or for machines; and, where
//! somebody collects them, traces.

mod collector;
mod delivery;
mod line;
mod log;
mod start;
mod traces;

pub use start::{Telemetry, TelemetryError, start};
pub(crate) use traces::adopt;
