//! The contract of summarisers, and whether the summaries are worth reading.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, figures are printed, and the suite awaits what it opens"
)]

mod contracts;
mod conversation;
mod parts;
mod properties;
mod quality;
