//! The composition root: the only place that knows every part of Tertulia by name.
//!
//! It reads the [`settings`], finds the [`keys`], starts [`telemetry`], and puts the adapters that
//! were chosen behind the ports that the use cases ask for.
//!
//! What may not live here: rules, queries, routes. A line that would be tested with more than the
//! question "is it wired to the right thing?" belongs in a crate further in.

mod background;
pub mod choice;
pub mod command;
mod descriptors;
pub mod keys;
mod metrics;
pub mod server;
pub mod settings;
pub mod telemetry;
pub mod wiring;
