//! Users, rooms, messages, cursors, search and the outbox in Postgres: the store of a production
//! deployment.
//!
//! Each port has a file of the same name. A method does its work on a connection from the pool:
//! `store.rs` runs it as a single statement, a snapshot or a transaction, and `lease.rs` makes sure
//! that nothing of it remains on the connection. Rows become entities in `rows`, through the same
//! parsers as client input. The schema is in `migrations/postgres`.
//!
//! What may not live here: decisions about who may do what, time, ids, randomness, and knowledge of any
//! other adapter. Nor do the driver's errors leave this crate: `failure.rs` translates them.

mod address;
mod blocks;
mod columnar;
mod columns;
mod connection;
mod cursors;
mod events;
mod failure;
mod hold;
mod incarnation;
mod invites;
mod lease;
mod media;
mod members;
mod messages;
mod migrations;
mod open_error;
mod outbox;
mod prelude;
mod probe;
mod room_log;
mod rooms;
mod rows;
mod schema;
mod search;
mod statements;
mod store;
mod tls;
mod upkeep;
mod users;
mod webhook_log;
mod webhooks;
mod words;
mod work;

pub use open_error::OpenError;
pub use store::{Options, PostgresStore};
