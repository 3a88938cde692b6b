//! Tests of the HTTP interface from outside: a real listener, with adapters in memory.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod addresses;
mod bodies;
mod cookies;
mod cross_origin;
mod documents;
mod house;
mod limits;
mod messages;
mod metrics;
mod page;
mod people;
mod plain_http;
mod rooms;
mod shutdown;
mod webhooks;
mod who;
