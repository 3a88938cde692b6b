//! Who is connected, in Redis.
//!
//! A sorted set for each person holds their connections by when each lapses, and one for each shard
//! its people by when their last connection does: so who is online, and who has lapsed, is found
//! without looking at anybody else. All of a person is under their shard's hash tag.
//!
//! What counts is the moments that callers hand in. Redis's own expiry only clears what nobody has
//! touched for a day.

use std::collections::{BTreeMap, HashSet};

use async_trait::async_trait;
use deadpool_redis::redis::{RedisResult, cmd};
use domain::port::Presence;
use domain::port::presence::{Arrival, Arrived, Lease};
use domain::{ConnectionId, Failure, Timestamp, UserId};
use futures::future::try_join_all;

use crate::failure::Call;
use crate::keys::{Keys, SHARDS};
use crate::link::Link;
use crate::script::{CONNECT, RELEASE, RENEW, SWEEP};
use crate::store::RedisStore;

/// For how long Redis keeps what nobody touches. Leases are of minutes.
const KEEP_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// So many people one script call looks at, so that it holds nobody else up for long.
const MOST: usize = 250;

/// So many script calls are under way at once. A call has its time, so what is more takes another.
const AT_ONCE: usize = 32;

/// So often a sweep looks for more. What is left then is for the next one.
const ROUNDS: usize = 40;

#[async_trait]
impl Presence for RedisStore {
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        let keys = &self.pair(lease.user);
        let args = &[
            KEEP_MILLIS.to_string(),
            lease.user.to_string(),
            lease.connection.to_string(),
            lease.until.as_millis().to_string(),
            now.as_millis().to_string(),
            counted_after.as_millis().to_string(),
        ];
        let call = Call::new("presence", "connect");
        let run = |link| CONNECT.run::<(bool, usize), _, _>(link, keys, args);
        let (was_away, open) = self.calls.run(call, run).await?;
        let arrival = if was_away {
            Arrival::CameOnline
        } else {
            Arrival::WasOnline
        };
        Ok(Arrived { arrival, open })
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        let call = Call::new("presence", "renew");
        for renewals in self.renewals(leases).chunks(AT_ONCE) {
            // All of these are under way at once, which is one round trip.
            let run = |link: Link| async move {
                let each = renewals.iter().map(|renewal| {
                    RENEW.run::<(), _, _>(link.clone(), &renewal.keys, &renewal.args)
                });
                try_join_all(each).await
            };
            self.calls.run(call, run).await?;
        }
        Ok(())
    }

    async fn release(
        &self,
        user: UserId,
        connection: ConnectionId,
        until: Timestamp,
    ) -> Result<(), Failure> {
        let keys = &self.pair(user);
        let args = &[
            user.to_string(),
            connection.to_string(),
            until.as_millis().to_string(),
        ];
        let call = Call::new("presence", "release");
        self.calls
            .run(call, |link| RELEASE.run(link, keys, args))
            .await
    }

    /// Whoever is cleared is named by this sweep and no other, so what one part of it has found is not
    /// thrown away because another part fails. Should Redis go away between clearing and answering,
    /// nobody names them.
    async fn sweep(&self, now: Timestamp) -> Result<Vec<UserId>, Failure> {
        let mut away = Vec::new();
        let mut shards: Vec<u8> = (0..SHARDS).collect();
        for _ in 0..ROUNDS {
            let lapsed = match self.lapsed(&shards, now).await {
                Ok(lapsed) => lapsed,
                Err(failure) if away.is_empty() => return Err(failure),
                Err(_) => break,
            };
            for (shard, people) in &lapsed {
                match self.clear(*shard, people, now).await {
                    Ok(cleared) => away.extend(cleared),
                    Err(failure) if away.is_empty() => return Err(failure),
                    Err(_) => return Ok(away),
                }
            }
            let full = lapsed.iter().filter(|(_, people)| people.len() == MOST);
            shards = full.map(|(shard, _)| *shard).collect();
            if shards.is_empty() {
                break;
            }
        }
        Ok(away)
    }

    async fn online(&self, users: &[UserId], now: Timestamp) -> Result<Vec<UserId>, Failure> {
        let groups = &by_shard(users.iter().map(|user| (*user, *user)));
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::new("presence", "online");
        let run = |link: Link| async move {
            let each = groups
                .iter()
                .flat_map(|(shard, people)| people.chunks(MOST).map(|people| (*shard, people)))
                .map(|(shard, people)| self.still_here(link.clone(), shard, people, now));
            try_join_all(each).await
        };
        let here: HashSet<UserId> = self
            .calls
            .run(call, run)
            .await?
            .concat()
            .into_iter()
            .collect();
        let online = users.iter().filter(|user| here.contains(user));
        Ok(online.copied().collect())
    }
}

/// A call of the script that renews leases.
struct Renewal {
    keys: Vec<String>,
    args: Vec<String>,
}

impl RedisStore {
    fn pair(&self, user: UserId) -> [String; 2] {
        [self.keys.leases(user), self.keys.people(Keys::shard(user))]
    }

    /// The leases by shard and person, some people to a call.
    fn renewals(&self, leases: &[Lease]) -> Vec<Renewal> {
        let mut renewals = Vec::new();
        for (shard, leases) in by_shard(leases.iter().map(|lease| (lease.user, lease))) {
            for leases in leases.chunks(MOST) {
                renewals.push(self.renewal(shard, leases));
            }
        }
        renewals
    }

    fn renewal(&self, shard: u8, leases: &[&Lease]) -> Renewal {
        let mut people: BTreeMap<UserId, Vec<&Lease>> = BTreeMap::new();
        for lease in leases {
            people.entry(lease.user).or_default().push(lease);
        }
        let mut renewal = Renewal {
            keys: vec![self.keys.people(shard)],
            args: vec![KEEP_MILLIS.to_string()],
        };
        for (user, leases) in people {
            renewal.keys.push(self.keys.leases(user));
            renewal.args.push(user.to_string());
            renewal.args.push(leases.len().to_string());
            for lease in leases {
                renewal.args.push(lease.until.as_millis().to_string());
                renewal.args.push(lease.connection.to_string());
            }
        }
        renewal
    }

    /// Some of the people in these shards whose leases have lapsed.
    async fn lapsed(
        &self,
        shards: &[u8],
        now: Timestamp,
    ) -> Result<Vec<(u8, Vec<String>)>, Failure> {
        let call = Call::new("presence", "sweep");
        let run = |link: Link| async move {
            let each = shards
                .iter()
                .map(|shard| self.lapsed_in(link.clone(), *shard, now));
            try_join_all(each).await
        };
        let mut lapsed = self.calls.run(call, run).await?;
        lapsed.retain(|(_, people)| !people.is_empty());
        Ok(lapsed)
    }

    async fn lapsed_in(
        &self,
        mut link: Link,
        shard: u8,
        now: Timestamp,
    ) -> RedisResult<(u8, Vec<String>)> {
        let mut look = cmd("ZRANGEBYSCORE");
        look.arg(self.keys.people(shard))
            .arg("-inf")
            .arg(now.as_millis());
        look.arg("LIMIT").arg(0).arg(MOST);
        Ok((shard, look.query_async(&mut link).await?))
    }

    /// Clears those of them who have not come back, and says who was cleared.
    async fn clear(
        &self,
        shard: u8,
        people: &[String],
        now: Timestamp,
    ) -> Result<Vec<UserId>, Failure> {
        let known = people.iter().filter_map(|name| name.parse().ok());
        let keys: Vec<String> = std::iter::once(self.keys.people(shard))
            .chain(known.map(|user| self.keys.leases(user)))
            .collect();
        let mut args = vec![now.as_millis().to_string()];
        args.extend_from_slice(people);
        let call = Call::new("presence", "sweep");
        let (keys, args) = (&keys, &args);
        let run = |link| SWEEP.run::<Vec<String>, _, _>(link, keys, args);
        let cleared = self.calls.run_once(call, run).await?;
        Ok(cleared
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect())
    }

    /// Which of these people of one shard are online.
    async fn still_here(
        &self,
        mut link: Link,
        shard: u8,
        people: &[UserId],
        now: Timestamp,
    ) -> RedisResult<Vec<UserId>> {
        let mut look = cmd("ZMSCORE");
        look.arg(self.keys.people(shard));
        for user in people {
            look.arg(user.to_string());
        }
        let until: Vec<Option<f64>> = look.query_async(&mut link).await?;
        let here = people
            .iter()
            .zip(until)
            .filter(|(_, until)| until.is_some_and(|until| until > millis(now)));
        Ok(here.map(|(user, _)| *user).collect())
    }
}

/// A moment as Redis keeps it, exact for a quarter of a million years.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "scores are floating-point numbers, and there is no other way to make one of an integer"
)]
const fn millis(moment: Timestamp) -> f64 {
    moment.as_millis() as f64
}

fn by_shard<T>(things: impl Iterator<Item = (UserId, T)>) -> BTreeMap<u8, Vec<T>> {
    let mut shards: BTreeMap<u8, Vec<T>> = BTreeMap::new();
    for (user, thing) in things {
        shards.entry(Keys::shard(user)).or_default().push(thing);
    }
    shards
}
