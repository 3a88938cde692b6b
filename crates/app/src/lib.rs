//! The composition root: the only place that knows every part of Tertulia by name.
//!
//! It reads the [`settings`], finds the [`keys`], starts [`telemetry`], and puts the chosen
//! adapters behind the ports that the use cases need.
//!
//! What may not live here: rules, queries, routes. Anything that needs a test beyond "is it wired
//! to the right thing?" belongs in an inner crate.

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
