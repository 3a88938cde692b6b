//! The contract of summarisers, and whether the summaries are worth reading.

#![expect(
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

mod contracts;
