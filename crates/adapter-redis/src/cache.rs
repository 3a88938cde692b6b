//! Cached results. Keys contain the version of their source, and expire by the server's clock.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deadpool_redis::redis::{Cmd, cmd};
use domain::port::Cache;
use domain::port::cache::CacheKey;
use domain::{Failure, RoomId, Seq};

use crate::failure::Call;
use crate::keys::Keys;
use crate::link::Link;
use crate::script::{DISCLAIM, HOLD_ON, KEEP};
use crate::store::RedisStore;

/// How many keys one command removes.
const AT_ONCE: usize = 1_000;

#[async_trait]
impl Cache for RedisStore {
    async fn get(&self, key: &CacheKey) -> Result<Option<Bytes>, Failure> {
        let mut get = cmd("GET");
        get.arg(self.keys.cached(key));
        let value = self.ask::<Option<Vec<u8>>>(Call::new("cache", "get"), &get);
        Ok(value.await?.map(Bytes::from))
    }

    async fn put(&self, key: &CacheKey, value: Bytes, ttl: Duration) -> Result<(), Failure> {
        if let CacheKey::Summary { room, .. } = key {
            let keys = &[self.keys.cached(key), self.keys.summaries(*room)];
            let args = &(&*value, millis(ttl));
            let call = Call::new("cache", "put");
            let put = |link| KEEP.run(link, keys, args);
            return self.calls.run(call, put).await;
        }
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

    /// A caller that stores a summary of the old content will notice the change afterwards and remove
    /// the summary, so nothing is missed between the two steps.
    async fn forget_place(&self, room: RoomId, place: Seq) -> Result<(), Failure> {
        let call = || Call::new("cache", "forget");
        let index = self.keys.summaries(room);
        let mut all = cmd("ZRANGE");
        all.arg(&index).arg(0).arg(-1);
        let mut names: Vec<String> = self.ask(call(), &all).await?;
        names.retain(|name| Keys::places(name).is_some_and(|places| places.contains(&place)));
        for some in names.chunks(AT_ONCE) {
            let mut remove = cmd("UNLINK");
            remove.arg(some);
            self.ask::<()>(call(), &remove).await?;
            let mut strike = cmd("ZREM");
            strike.arg(&index).arg(some);
            self.ask::<()>(call(), &strike).await?;
        }
        Ok(())
    }

    async fn claim(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        let mut claim = cmd("SET");
        claim.arg(self.keys.claim(key)).arg(self.tag.to_string());
        claim.arg("NX").arg("PX").arg(millis(ttl));
        self.ask(Call::new("cache", "claim"), &claim).await
    }

    /// Renews only this node's own claim: an expired one may belong to another node by now.
    async fn hold_on(&self, key: &CacheKey, ttl: Duration) -> Result<bool, Failure> {
        let keys = &[self.keys.claim(key)];
        let args = &(self.tag.to_string(), millis(ttl));
        self.calls
            .run(Call::new("cache", "hold on"), |link| {
                HOLD_ON.run(link, keys, args)
            })
            .await
    }

    /// Releases only this node's own claim: an expired one may belong to another node by now.
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
    pub(crate) async fn ask<T>(&self, call: Call, command: &Cmd) -> Result<T, Failure>
    where
        T: deadpool_redis::redis::FromRedisValue + Send,
    {
        let run = |mut link: Link| async move { command.query_async(&mut link).await };
        self.calls.run(call, run).await
    }
}

/// At least one, since Redis refuses a TTL of zero; at most a century.
fn millis(ttl: Duration) -> u64 {
    const CENTURY: u64 = 100 * 365 * 24 * 60 * 60 * 1000;
    let millis = ttl.as_nanos().div_ceil(1_000_000);
    u64::try_from(millis).unwrap_or(CENTURY).clamp(1, CENTURY)
}
