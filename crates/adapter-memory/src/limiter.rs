//! Rate limits.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use domain::port::Limiter;
use domain::port::limiter::{Admission, Left, Limit, LimitKey};
use domain::{Failure, Timestamp};

use crate::lock::lock;

/// Limits by GCRA, in this process.
///
/// All that is stored for a key is the time at which its points will be fully restored. Once that time
/// has passed, the key is indistinguishable from an unused one, so such keys are dropped whenever the
/// number of keys has doubled. If there are still more than the limit, those closest to being restored
/// are forgotten.
pub struct MemoryLimiter {
    keys: Mutex<Keys>,
    most: usize,
}

#[derive(Default)]
struct Keys {
    /// Nanoseconds since 1970.
    full_at: HashMap<LimitKey, i128>,
    /// At how many keys to look for some to drop.
    prune_at: usize,
}

const FEW: usize = 1024;

impl MemoryLimiter {
    /// A limiter that keeps at most `most` keys.
    pub fn new(most: usize) -> Self {
        Self {
            keys: Mutex::new(Keys {
                full_at: HashMap::new(),
                prune_at: FEW.min(most),
            }),
            most,
        }
    }
}

impl Default for MemoryLimiter {
    /// Keeps 262,144 keys, some tens of megabytes.
    fn default() -> Self {
        Self::new(1 << 18)
    }
}

#[async_trait]
impl Limiter for MemoryLimiter {
    async fn admit(
        &self,
        key: &LimitKey,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Admission, Failure> {
        if limit.is_none() {
            return Ok(Admission::Granted {
                remaining: u32::MAX,
                reset: Duration::ZERO,
            });
        }
        let now = nanos_since_1970(now);
        let mut keys = lock(&self.keys);
        let full_at = keys.full_at.get(key).copied().unwrap_or(now);
        let (admission, full_at) = admit(full_at, limit, now);
        if let Some(kept) = keys.full_at.get_mut(key) {
            *kept = full_at;
        } else {
            keys.full_at.insert(key.clone(), full_at);
            keys.prune(now, self.most);
        }
        Ok(admission)
    }

    async fn look(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Left, Failure> {
        if limit.is_none() {
            return Ok(Left::all(limit));
        }
        let now = nanos_since_1970(now);
        let kept = lock(&self.keys).full_at.get(key).copied();
        Ok(left(kept.unwrap_or(now), limit, now))
    }

    async fn give_back(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<(), Failure> {
        let mut keys = lock(&self.keys);
        let Some(full_at) = keys.full_at.get_mut(key) else {
            return Ok(());
        };
        *full_at = full_at.saturating_sub(nanos(limit.interval()));
        if *full_at <= nanos_since_1970(now) {
            keys.full_at.remove(key);
        }
        Ok(())
    }
}

/// The admission for a key that is fully restored at `full_at`, and that time after the admission.
fn admit(full_at: i128, limit: Limit, now: i128) -> (Admission, i128) {
    let interval = nanos(limit.interval()).max(1);
    let all = interval.saturating_mul(i128::from(limit.points));
    // No key waits for longer than restoring all its points takes, even if the clock was set back.
    let full_at = full_at.clamp(now, now.saturating_add(all));
    let next = full_at.saturating_add(interval);
    let left = all.saturating_sub(next.saturating_sub(now));
    if left < 0 {
        let limited = Admission::Limited {
            retry_after: span(left.saturating_neg()),
            reset: span(full_at.saturating_sub(now)),
        };
        return (limited, full_at);
    }
    let granted = Admission::Granted {
        remaining: u32::try_from(left / interval).unwrap_or(u32::MAX),
        reset: span(next.saturating_sub(now)),
    };
    (granted, next)
}

/// What is left for a key that is fully restored at `full_at`.
fn left(full_at: i128, limit: Limit, now: i128) -> Left {
    let interval = nanos(limit.interval()).max(1);
    let all = interval.saturating_mul(i128::from(limit.points));
    let owed = full_at.saturating_sub(now).clamp(0, all);
    let left = all.saturating_sub(owed);
    Left {
        remaining: u32::try_from(left / interval).unwrap_or(u32::MAX),
        reset: span(owed),
        retry_after: span(interval.saturating_sub(left).max(0)),
    }
}

impl Keys {
    fn prune(&mut self, now: i128, most: usize) {
        if self.full_at.len() < self.prune_at {
            return;
        }
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() >= most {
            let mut moments: Vec<i128> = self.full_at.values().copied().collect();
            let middle = moments.len() / 2;
            let (_, median, _) = moments.select_nth_unstable(middle);
            self.full_at.retain(|_, full_at| *full_at > *median);
        }
        self.prune_at = self.full_at.len().saturating_mul(2).max(FEW).min(most);
    }
}

fn nanos_since_1970(moment: Timestamp) -> i128 {
    i128::from(moment.as_millis()) * 1_000_000
}

fn nanos(span: Duration) -> i128 {
    i128::try_from(span.as_nanos()).unwrap_or(i128::MAX)
}

/// Rounds up to a whole millisecond: the clock is no finer, and a caller that waits this long must be
/// admitted.
fn span(nanos: i128) -> Duration {
    let millis = nanos.saturating_add(999_999) / 1_000_000;
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn key(number: u32) -> LimitKey {
        LimitKey::Anonymous(IpAddr::V4(Ipv4Addr::from_bits(number)))
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    const FIVE_IN_TEN: Limit = Limit {
        points: 5,
        per: Duration::from_secs(10),
    };

    #[tokio::test]
    async fn an_interval_of_broken_milliseconds_lets_in_when_it_said() {
        let limiter = MemoryLimiter::default();
        let limit = Limit {
            points: 3,
            per: Duration::from_secs(1),
        };
        for _ in 0..3 {
            limiter.admit(&key(1), limit, at(0)).await.unwrap();
        }
        let answer = limiter.admit(&key(1), limit, at(0)).await.unwrap();
        let Admission::Limited { retry_after, .. } = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(retry_after, Duration::from_millis(334));
        let answer = limiter.admit(&key(1), limit, at(0) + retry_after).await;
        assert!(matches!(answer.unwrap(), Admission::Granted { .. }));
    }

    #[tokio::test]
    async fn keys_that_have_all_their_points_are_dropped() {
        let limiter = MemoryLimiter::default();
        for number in 0..1_000 {
            let answer = limiter.admit(&key(number), FIVE_IN_TEN, at(0)).await;
            answer.unwrap();
        }
        for number in 1_000..1_100 {
            let answer = limiter.admit(&key(number), FIVE_IN_TEN, at(60_000)).await;
            answer.unwrap();
        }
        assert!(lock(&limiter.keys).full_at.len() <= 100);
    }

    #[tokio::test]
    async fn never_more_keys_than_it_may_keep() {
        let limiter = MemoryLimiter::new(100);
        for _ in 0..5 {
            limiter.admit(&key(0), FIVE_IN_TEN, at(0)).await.unwrap();
        }
        for number in 1..1_000 {
            let answer = limiter.admit(&key(number), FIVE_IN_TEN, at(0)).await;
            answer.unwrap();
            assert!(lock(&limiter.keys).full_at.len() <= 100);
        }
        let spent = limiter.admit(&key(0), FIVE_IN_TEN, at(0)).await.unwrap();
        assert!(matches!(spent, Admission::Limited { .. }));
    }
}
