//! All ports over one Redis.

use std::sync::Arc;

use deadpool::managed::BuildError;
use domain::NodeId;
use domain::port::{Ids, IdsExt as _};

use crate::address::{Address, BadAddress};
use crate::bus::{Bounds, Node};
use crate::calls::Calls;
use crate::keys::{BadPrefix, Keys};

/// How a store behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// What every key and channel begins with. Nodes that share it belong together.
    pub prefix: String,
    /// How many connections calls may use at once, besides the one by which notices come.
    pub connections: usize,
    /// How many notices are kept for a listener that is busy, or up to twice as many.
    pub backlog: usize,
    /// How many notices may wait for being told to other nodes.
    pub waiting: usize,
}

impl Default for Options {
    /// For a busy node: some seconds of its notices.
    fn default() -> Self {
        Self {
            prefix: "tertulia".to_owned(),
            connections: 16,
            backlog: 8192,
            waiting: 8192,
        }
    }
}

/// Why a store could not be opened. None of it has to do with whether a server is there.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its address cannot be used.
    #[error("there is no such address of redis")]
    Address(#[from] BadAddress),
    /// Its keys' prefix cannot be used.
    #[error("keys in redis cannot begin so")]
    Prefix(#[from] BadPrefix),
    /// The pool of connections was refused.
    #[error("there is no such pool of connections")]
    Pool(#[from] BuildError),
}

/// Presence, limits, the bus and caches in Redis. Holds a few tasks, which end when it is dropped.
pub struct RedisStore {
    pub(crate) keys: Keys,
    pub(crate) calls: Arc<Calls>,
    /// Tells this node's claims and notices from those of others.
    pub(crate) tag: NodeId,
    pub(crate) bus: Node,
}

impl RedisStore {
    /// Opens the Redis at `redis://host:port/db`, `rediss://…` or `redis+cluster://one,two`, which
    /// need not be there yet. Must be called within a runtime.
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
