//! What was measured, and how to measure it again.
//!
//! Each benchmark compares two things in one run on one machine and prints their ratio, because
//! absolute figures of a shared machine mean little. `cargo bench -p bench` runs all of them. They
//! decide nothing: no test fails by the clock.
//!
//! What may not live here: tests, and anything that a server needs.

mod crowd;
mod sample;

pub use crowd::Crowd;
pub use sample::Sample;
