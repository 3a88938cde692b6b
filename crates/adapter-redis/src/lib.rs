//! Presence, limits, the bus and caches in Redis: what the nodes of a cluster share, and may lose
//! without losing a message.
//!
//! One [`RedisStore`] serves the five ports, each in a file of the same name; the bus has a folder.
//! Opening a store needs no server: every call connects if it must, succeeds or fails within a second
//! (`calls.rs`). Nothing here remembers that Redis is away: `application::steady` does, and does without
//! it meanwhile. It needs Redis 7, for sharded pub/sub.
//!
//! Every key and channel begins with a prefix, and everything that one script touches shares a hash tag
//! (`keys.rs`), so Redis Cluster works just like a single server: `redis+cluster://one,two` or
//! `rediss+cluster://…` names some of its nodes. Whenever a node of the cluster is lost or slots move,
//! the subscriber renews all its subscriptions, and listeners receive a gap. Sentinel is not supported.
//!
//! What may not live here: decisions about who may do what, time, and knowledge of any other adapter.
//! Nor do the driver's errors leave this crate: `failure.rs` translates them.

mod address;
mod budget;
mod bus;
mod cache;
mod calls;
mod failure;
mod keys;
mod limiter;
mod link;
mod presence;
mod probe;
mod script;
mod store;
mod wire;

pub use address::BadAddress;
pub use keys::BadPrefix;
pub use store::{OpenError, Options, RedisStore};
