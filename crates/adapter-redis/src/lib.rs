//! Presence, limits, the bus and caches in Redis: what the nodes of a cluster know together and may
//! lose without losing a message.
//!
//! One [`RedisStore`] serves the five ports, each in a file of its own name; the bus has a folder.
//! Opening one needs no server: every call connects when it must, is answered or failed within a
//! second (`calls.rs`), and fails at once while Redis is known to be away (`gate.rs`). It needs Redis
//! 7, for sharded pub/sub.
//!
//! Every key and channel begins with a prefix, and what one script touches shares a hash tag
//! (`keys.rs`), so it runs on Redis Cluster as it does on one server: `redis+cluster://one,two` or
//! `rediss+cluster://…` names some of the nodes. There, whenever a node of the cluster is lost or
//! slots move, the subscriber takes out all its subscriptions anew, and the others are told of a gap.
//! Sentinel is not supported.
//!
//! What may not live here: decisions about who may do what, time, and knowledge of any other adapter.
//! Nor does an error of the driver leave this crate: `failure.rs` reads them.

mod address;
mod budget;
mod bus;
mod cache;
mod calls;
mod failure;
mod gate;
mod keys;
mod limiter;
mod link;
mod lock;
mod presence;
mod probe;
mod script;
mod store;
mod wire;

pub use address::BadAddress;
pub use keys::BadPrefix;
pub use store::{OpenError, Options, RedisStore};
