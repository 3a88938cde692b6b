//! What was worked out before. Keys say which version of their source they belong to, and expire by
//! the server's clock.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deadpool_redis::redis::{Cmd, cmd};
use domain::Failure;
use domain::port::Cache;
use domain::port::cache::CacheKey;

use crate::failure::Call;
use crate::link::Link;
use crate::script::DISCLAIM;
use crate::store::RedisStore;

#[async_trait]
impl Cache for RedisStore {
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure> {
        let mut get = cmd("GET");
        get.arg(self.keys.cached(key));
        let value = self.ask::<Option<Vec<u8>>>(Call::new("cache", "get"), &get);
        Ok(value.await?.map(Bytes::from))
    }

    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure> {
        let mut put = cmd("SET");
        put.arg(self.keys.cached(key)).arg(&*value);
        put.arg("PX").arg(millis(ttl));
        self.ask(Call::new("cache", "put"), &put).await
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), Failure> {
        let mut remove = cmd("UNLINK");
        remove.arg(self.keys.cached(key));
        self.ask(Call::new("cache", "remove"), &remove).await
    }

    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        let mut claim = cmd("SET");
        claim.arg(self.keys.claim(key)).arg(self.tag.to_string());
        claim.arg("NX").arg("PX").arg(millis(ttl));
        self.ask(Call::new("cache", "claim"), &claim).await
    }

    /// A claim that lapsed, and that another node has made since, is that node's to give up.
    async fn release(&self, key: &CacheKey) -> Result<(), Failure> {
        let (keys, args) = (&[self.keys.claim(key)], &self.tag.to_string());
        self.calls
            .run(Call::new("cache", "release"), |link| {
                DISCLAIM.run(link, keys, args)
            })
            .await
    }
}

impl RedisStore {
    async fn ask<T>(&self, call: Call, command: &Cmd) -> Result<T, Failure>
    where
        T: deadpool_redis::redis::FromRedisValue + Send,
    {
        let run = |mut link: Link| async move { command.query_async(&mut link).await };
        self.calls.run(call, run).await
    }
}

/// At least one, since Redis refuses a time that is over; at most a century.
fn millis(ttl: Duration) -> u64 {
    const CENTURY: u64 = 100 * 365 * 24 * 60 * 60 * 1000;
    let millis = ttl.as_nanos().div_ceil(1_000_000);
    u64::try_from(millis).unwrap_or(CENTURY).clamp(1, CENTURY)
}
