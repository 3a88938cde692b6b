//! The database behind the ports: how it is opened, what is in it, and what happens when it is away.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

#[path = "../ground/mod.rs"]
mod ground;
mod opening;
mod outages;
#[path = "../ground/ports.rs"]
mod ports;
mod rivals;
mod schema;
mod watch;
