//! All ports on one Redis.

use std::sync::Arc;

use deadpool::managed::BuildError;
use domain::NodeId;
use domain::port::{Ids, IdsExt as _};

use crate::address::{Address, BadAddress};
use crate::bus::{Bounds, Node};
use crate::calls::Calls;
use crate::keys::{BadPrefix, Keys};

/// The settings of a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// The prefix of every key and channel. Nodes that share it form a cluster.
    pub prefix: String,
    /// The number of connections for calls, not counting the one on which notices arrive.
    pub connections: usize,
    /// How many notices are buffered for a slow listener, rounded up to at most twice as many.
    pub backlog: usize,
    /// How many notices may be queued for other nodes.
    pub waiting: usize,
}

impl Default for Options {
    /// Suitable for a busy node: the queues hold some seconds of its notices.
    fn default() -> Self {
        Self {
            prefix: "tertulia".to_owned(),
            connections: 16,
            backlog: 8192,
            waiting: 8192,
        }
    }
}

/// Why a store could not be opened. Whether a server is reachable does not matter here.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its address cannot be used.
    #[error("the address of Redis cannot be used")]
    Address(#[from] BadAddress),
    /// Its key prefix cannot be used.
    #[error("the prefix of keys in Redis cannot be used")]
    Prefix(#[from] BadPrefix),
    /// The connection pool was rejected.
    #[error("the connection pool could not be configured")]
    Pool(#[from] BuildError),
}

/// Presence, limits, the bus and caches in Redis. Runs a few tasks, which end when it is dropped.
pub struct RedisStore {
    pub(crate) keys: Keys,
    pub(crate) calls: Arc<Calls>,
    /// Distinguishes this node's claims and notices from those of others.
    pub(crate) tag: NodeId,
    pub(crate) bus: Node,
}

impl RedisStore {
    /// Opens the Redis at `redis://host:port/db`, `rediss://…` or `redis+cluster://one,two`, which need
    /// not be running yet. Must be called within a runtime.
    pub fn open(url: &str, options: &Options, ids: Arc<dyn Ids>) -> Result<Self, OpenError> {
        let address = Address::parse(url)?;
        let keys = Keys::new(&options.prefix)?;
        let calls = Arc::new(Calls::new(address.clone(), options.connections)?);
        let tag = ids.next();
        let bounds = Bounds {
            backlog: options.backlog,
            waiting: options.waiting,
        };
        let bus = Node::join(
            crate::bus::Ground {
                address,
                keys: keys.clone(),
                calls: Arc::clone(&calls),
                ids,
                tag,
            },
            bounds,
        );
        Ok(Self {
            keys,
            calls,
            tag,
            bus,
        })
    }
}
