//! Real exchanges over HTTP and WebSocket with a server of two workers. `engine` and `socket` have the
//! cases of the public test suites of both protocols, reimplemented, and more; `hostile` has what no
//! good client does; `node` has the official JavaScript client.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod client;
mod engine;
mod hostile;
mod node;
mod server;
mod socket;
