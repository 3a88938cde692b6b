//! Benchmarks and a load generator.
//!
//! Each benchmark compares two things in one run on one machine and prints their ratio, because
//! absolute figures of a shared machine mean little. `cargo bench -p bench` runs all of them. No test
//! depends on their results.
//!
//! A benchmark that needs a database server starts its own, and stops it.
//!
//! What may not live here: tests, and anything that the server itself needs.

mod archive;
mod bare;
mod crowd;
mod sample;
mod town;

pub use archive::{Archive, Resident};
pub use bare::Bare;
pub use crowd::Crowd;
pub use sample::Sample;
pub use town::{Town, Writer};
