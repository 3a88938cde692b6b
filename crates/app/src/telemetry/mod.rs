//! What the process reports while it runs: log events, for people or machines, and, if there is a
//! collector, traces.

mod collector;
mod delivery;
mod line;
mod log;
mod start;
mod traces;

pub use start::{Telemetry, TelemetryError, start};
pub(crate) use traces::adopt;
