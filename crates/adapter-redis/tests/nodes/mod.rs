//! Nodes that share a Redis.

mod ids;
mod several;

pub use ids::FreshIds;
pub use several::Several;

use std::sync::Arc;

use adapter_redis::{Options, RedisStore};
use port_contracts::unique;

/// Few enough that a test can overrun them.
pub const BACKLOG: usize = 64;

/// So many nodes on one new prefix.
pub fn nodes<const COUNT: usize>(url: &str) -> [Arc<RedisStore>; COUNT] {
    let prefix = unique("test-");
    [(); COUNT].map(|()| node(url, &prefix))
}

/// A node on a prefix.
pub fn node(url: &str, prefix: &str) -> Arc<RedisStore> {
    let options = Options {
        prefix: prefix.to_owned(),
        backlog: BACKLOG,
        ..Options::default()
    };
    Arc::new(RedisStore::open(url, &options, Arc::new(FreshIds)).unwrap())
}
