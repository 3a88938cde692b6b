//! Nodes that share a Redis.

mod ids;
mod several;
mod wait;

pub use ids::FreshIds;
pub use several::Several;
pub use wait::{gap, hear, hear_of, notice};

use std::sync::Arc;

use adapter_redis::{Options, RedisStore};
use deadpool_redis::redis::{Client, Cmd, FromRedisValue};
use domain::port::bus::Notice;
use domain::{RoomId, UserId};
use port_contracts::{fresh, unique};

/// Small enough for a test to overrun.
pub const BACKLOG: usize = 64;

/// This many nodes on a fresh prefix.
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

/// The server's reply to a command.
pub async fn ask<T: FromRedisValue>(url: &str, words: &str) -> T {
    let mut command = Cmd::new();
    for word in words.split(' ') {
        command.arg(word);
    }
    let client = Client::open(url).unwrap();
    let mut link = client.get_multiplexed_async_connection().await.unwrap();
    command.query_async(&mut link).await.unwrap()
}

/// A notice to a room.
pub fn in_room(room: RoomId, on: bool) -> Notice {
    Notice::Typing {
        room,
        user: UserId::from_uuid(room.as_uuid()),
        on,
    }
}

/// A notice to all nodes.
pub fn to_all() -> Notice {
    Notice::SessionsEnded(vec![fresh()])
}
