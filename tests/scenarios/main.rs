//! The acceptance tests: scenarios that use Tertulia from outside, in every world.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod accounts;
mod bad_input;
mod balancers;
mod bounds;
mod compatibility;
mod cursors;
mod direct;
mod durability;
mod history;
mod limits;
mod matrix;
mod media;
mod members;
mod messages;
mod notifications;
mod openapi;
mod outages;
mod page;
mod paging;
mod people;
mod push;
mod races;
mod realtime;
mod rooms;
mod script;
mod sessions;
mod small_print;
mod statements;
mod summaries;
mod vocabularies;
mod vouching;
mod webhooks;
