//! Behaviour on a real server: many nodes at once, cancelled callers, outages.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    clippy::wildcard_enum_match_arm,
    reason = "nothing but tests is in here"
)]

mod away;
mod dropped;
#[path = "../ground/mod.rs"]
mod ground;
mod indexes;
mod memory;
mod odd;
mod outages;
mod profiles;
mod races;
mod scene;
