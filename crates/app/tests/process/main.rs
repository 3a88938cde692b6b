//! Tests of the binary as a process: its output, and what survives when it is killed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod commands;
mod documents;
mod examples;
mod export;
mod files;
mod floods;
mod import;
mod jobs;
mod killed;
mod outages;
mod server;
mod storm;
mod stranger;
mod traces;
