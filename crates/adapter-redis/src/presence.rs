//! Who is connected, in Redis.
//!
//! Each subject, a person or a visit, has a sorted set of its connections by expiry, and each shard one
//! of its subjects by the expiry of their last connection: so finding who is present, and whose leases
//! have expired, touches nothing else. A subject's keys all have its shard's hash tag.
//!
//! Expiry is decided by the moments that callers pass in. Redis's own expiry only removes what has not
//! been touched for a day.

use std::collections::{BTreeMap, HashSet};

use async_trait::async_trait;
use deadpool_redis::redis::{RedisResult, cmd};
use domain::port::Presence;
use domain::port::presence::{Arrival, Arrived, Departure, Lease, Subject};
use domain::{ConnectionId, Failure, Timestamp};
use futures::future::try_join_all;

use crate::failure::Call;
use crate::keys::Shard;
use crate::link::Link;
use crate::script::{CONNECT, RELEASE, RENEW, SWEEP};
use crate::store::RedisStore;

/// How long Redis keeps untouched keys. Leases last for minutes.
const KEEP_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// How many subjects one script call handles, so that it does not block Redis for long.
const MOST: usize = 250;

/// How many script calls are in progress at once. A call has a deadline, so further ones go into
/// another.
const AT_ONCE: usize = 32;

/// How many times a sweep looks for more. The rest is left to the next sweep.
const ROUNDS: usize = 40;

#[async_trait]
impl Presence for RedisStore {
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure> {
        let keys = &self.pair(lease.subject);
        let args = &[
            KEEP_MILLIS.to_string(),
            Shard::name(lease.subject),
            lease.connection.to_string(),
            lease.until.as_millis().to_string(),
            now.as_millis().to_string(),
            counted_after.as_millis().to_string(),
        ];
        let call = Call::new("presence", "connect");
        let run = |link| CONNECT.run::<(bool, usize), _, _>(link, keys, args);
        let (was_away, open) = self.calls.run(call, run).await?;
        let arrival = if was_away {
            Arrival::Came
        } else {
            Arrival::WasHere
        };
        Ok(Arrived { arrival, open })
    }

    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure> {
        let call = Call::new("presence", "renew");
        for renewals in self.renewals(leases).chunks(AT_ONCE) {
            // These are all in progress at once, in one round trip.
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
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure> {
        let keys = &self.pair(subject);
        let args = &[
            Shard::name(subject),
            connection.to_string(),
            until.as_millis().to_string(),
            now.as_millis().to_string(),
        ];
        let call = Call::new("presence", "release");
        let run = |link| RELEASE.run::<u8, _, _>(link, keys, args);
        Ok(match self.calls.run(call, run).await? {
            0 => Departure::Unknown,
            1 => Departure::IsHere,
            _ => Departure::Went,
        })
    }

    /// A cleared subject is reported by this sweep and no other, so what one part of it has found is
    /// not discarded when another part fails. If Redis goes away between clearing and replying, nobody
    /// reports those subjects.
    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure> {
        let mut away = Vec::new();
        let mut shards: Vec<Shard> = Shard::all().collect();
        for _ in 0..ROUNDS {
            let lapsed = match self.lapsed(&shards, now).await {
                Ok(lapsed) => lapsed,
                Err(failure) if away.is_empty() => return Err(failure),
                Err(_) => break,
            };
            for (shard, names) in &lapsed {
                match self.clear(*shard, names, now).await {
                    Ok(cleared) => away.extend(cleared),
                    Err(failure) if away.is_empty() => return Err(failure),
                    Err(_) => return Ok(away),
                }
            }
            let full = lapsed.iter().filter(|(_, names)| names.len() == MOST);
            shards = full.map(|(shard, _)| *shard).collect();
            if shards.is_empty() {
                break;
            }
        }
        Ok(away)
    }

    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure> {
        let groups = &by_shard(subjects.iter().map(|subject| (*subject, *subject)));
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::new("presence", "look");
        let run = |link: Link| async move {
            let each = groups
                .iter()
                .flat_map(|(shard, some)| some.chunks(MOST).map(|some| (*shard, some)))
                .map(|(shard, some)| self.still_here(link.clone(), shard, some, now));
            try_join_all(each).await
        };
        let here: HashSet<Subject> = self
            .calls
            .run(call, run)
            .await?
            .concat()
            .into_iter()
            .collect();
        let found = subjects.iter().filter(|subject| here.contains(subject));
        Ok(found.copied().collect())
    }
}

/// A call of the script that renews leases.
struct Renewal {
    keys: Vec<String>,
    args: Vec<String>,
}

impl RedisStore {
    fn pair(&self, subject: Subject) -> [String; 2] {
        let subjects = self.keys.subjects(Shard::of(subject));
        [self.keys.leases(subject), subjects]
    }

    /// The leases by shard and subject, in batches.
    fn renewals(&self, leases: &[Lease]) -> Vec<Renewal> {
        let mut renewals = Vec::new();
        for (shard, leases) in by_shard(leases.iter().map(|lease| (lease.subject, lease))) {
            for leases in leases.chunks(MOST) {
                renewals.push(self.renewal(shard, leases));
            }
        }
        renewals
    }

    fn renewal(&self, shard: Shard, leases: &[&Lease]) -> Renewal {
        let mut subjects: BTreeMap<Subject, Vec<&Lease>> = BTreeMap::new();
        for lease in leases {
            subjects.entry(lease.subject).or_default().push(lease);
        }
        let mut renewal = Renewal {
            keys: vec![self.keys.subjects(shard)],
            args: vec![KEEP_MILLIS.to_string()],
        };
        for (subject, leases) in subjects {
            renewal.keys.push(self.keys.leases(subject));
            renewal.args.push(Shard::name(subject));
            renewal.args.push(leases.len().to_string());
            for lease in leases {
                renewal.args.push(lease.until.as_millis().to_string());
                renewal.args.push(lease.connection.to_string());
            }
        }
        renewal
    }

    /// Some subjects in these shards whose leases have expired, by name.
    async fn lapsed(
        &self,
        shards: &[Shard],
        now: Timestamp,
    ) -> Result<Vec<(Shard, Vec<String>)>, Failure> {
        let call = Call::new("presence", "sweep");
        let run = |link: Link| async move {
            let each = shards
                .iter()
                .map(|shard| self.lapsed_in(link.clone(), *shard, now));
            try_join_all(each).await
        };
        let mut lapsed = self.calls.run(call, run).await?;
        lapsed.retain(|(_, names)| !names.is_empty());
        Ok(lapsed)
    }

    async fn lapsed_in(
        &self,
        mut link: Link,
        shard: Shard,
        now: Timestamp,
    ) -> RedisResult<(Shard, Vec<String>)> {
        let mut look = cmd("ZRANGEBYSCORE");
        look.arg(self.keys.subjects(shard))
            .arg("-inf")
            .arg(now.as_millis());
        look.arg("LIMIT").arg(0).arg(MOST);
        Ok((shard, look.query_async(&mut link).await?))
    }

    /// Clears those that have not come back, and returns the cleared ones.
    async fn clear(
        &self,
        shard: Shard,
        names: &[String],
        now: Timestamp,
    ) -> Result<Vec<Subject>, Failure> {
        let mut keys = vec![self.keys.subjects(shard)];
        let mut args = vec![now.as_millis().to_string()];
        for name in names {
            if let Some(subject) = shard.subject(name) {
                keys.push(self.keys.leases(subject));
                args.push(name.clone());
            }
        }
        let call = Call::new("presence", "sweep");
        let (keys, args) = (&keys, &args);
        let run = |link| SWEEP.run::<Vec<String>, _, _>(link, keys, args);
        let cleared = self.calls.run_once(call, run).await?;
        let known = cleared.iter().filter_map(|name| shard.subject(name));
        Ok(known.collect())
    }

    /// Which of these subjects of one shard are present.
    async fn still_here(
        &self,
        mut link: Link,
        shard: Shard,
        subjects: &[Subject],
        now: Timestamp,
    ) -> RedisResult<Vec<Subject>> {
        let mut look = cmd("ZMSCORE");
        look.arg(self.keys.subjects(shard));
        for subject in subjects {
            look.arg(Shard::name(*subject));
        }
        let until: Vec<Option<f64>> = look.query_async(&mut link).await?;
        let here = subjects
            .iter()
            .zip(until)
            .filter(|(_, until)| until.is_some_and(|until| until > millis(now)));
        Ok(here.map(|(subject, _)| *subject).collect())
    }
}

/// A moment as a sorted-set score, exact for a quarter of a million years.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "scores are floating-point numbers, and there is no other way to make one of an integer"
)]
const fn millis(moment: Timestamp) -> f64 {
    moment.as_millis() as f64
}

fn by_shard<T>(things: impl Iterator<Item = (Subject, T)>) -> BTreeMap<Shard, Vec<T>> {
    let mut shards: BTreeMap<Shard, Vec<T>> = BTreeMap::new();
    for (subject, thing) in things {
        shards.entry(Shard::of(subject)).or_default().push(thing);
    }
    shards
}
