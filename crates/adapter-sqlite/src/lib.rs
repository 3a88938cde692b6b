//! Everything that Tertulia stores, in one SQLite file: the embedded default's store.
//!
//! Each port has a file of the same name. A method clones what it needs, and its work runs on a thread
//! that owns a connection: `crew.rs` and `queue.rs`. Rows become entities in `rows`, through the same
//! parsers as client input. The schema is in `migrations/sqlite`.
//!
//! What may not live here: decisions about who may do what, time, ids, randomness, and knowledge of any
//! other adapter. Nor do the driver's errors leave this crate: `failure.rs` translates them.

mod blocks;
mod columns;
mod connection;
mod crew;
mod cursors;
mod events;
mod failure;
mod incarnation;
mod invites;
mod media;
mod members;
mod messages;
mod migrations;
mod open_error;
mod outbox;
mod place;
#[cfg(test)]
mod pressure;
mod probe;
mod profiles;
mod push_subscriptions;
mod queue;
mod room_log;
mod rooms;
mod rows;
mod schema;
mod search;
mod sessions;
mod statements;
mod store;
#[cfg(test)]
mod testing;
mod text_index;
mod upkeep;
mod users;
mod webhook_log;
mod webhooks;

pub use open_error::OpenError;
pub use store::{Options, SqliteStore};
