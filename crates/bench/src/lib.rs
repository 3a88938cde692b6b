//! What was measured, and how to measure it again.
//!
//! Each benchmark compares two things in one run on one machine and prints their ratio, because
//! absolute figures of a shared machine mean little. `cargo bench -p bench` runs all of them. They
//! decide nothing: no test fails by the clock.
//!
//! What needs a server starts one of its own, and stops it.
//!
//! What may not live here: tests, and anything that a server of ours needs.

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
