//! Every obligation of every port that this adapter serves, and what it promises beyond them, on real
//! servers.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    unreachable_pub,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

mod bus;
mod crowds;
mod faults;
mod keeping;
mod nodes;
mod suite;
