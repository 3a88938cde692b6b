//! Summaries by a server that speaks the wire format of OpenAI.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

mod answers;
mod contracts;
mod faults;
mod forms;
mod ground;
mod prompts;
