//! Rate limits by GCRA, in one script and one round trip.

use std::time::Duration;

use async_trait::async_trait;
use deadpool_redis::redis::cmd;
use domain::port::Limiter;
use domain::port::limiter::{Admission, Left, Limit, LimitKey};
use domain::{Failure, Timestamp};

use crate::failure::Call;
use crate::script::{ADMIT, GIVE_BACK};
use crate::store::RedisStore;

#[async_trait]
impl Limiter for RedisStore {
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
        let rate = Rate::of(limit);
        let keys = &[self.keys.limit(key)];
        let args = &(now.as_millis(), rate.interval, limit.points);
        let call = Call::new("limiter", "admit");
        let run = |link| ADMIT.run::<(bool, i64), _, _>(link, keys, args);
        let (granted, owed) = self.calls.run(call, run).await?;
        Ok(rate.admission(granted, owed))
    }

    async fn look(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Left, Failure> {
        if limit.is_none() {
            return Ok(Left::all(limit));
        }
        let mut get = cmd("GET");
        get.arg(self.keys.limit(key));
        let call = Call::new("limiter", "look");
        let kept = self.ask::<Option<String>>(call, &get).await?;
        let owed = kept.and_then(|moment| owed(&moment, now));
        Ok(Rate::of(limit).left(owed.unwrap_or(0)))
    }

    async fn give_back(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<(), Failure> {
        if limit.is_none() {
            return Ok(());
        }
        let keys = &[self.keys.limit(key)];
        let args = &(now.as_millis(), Rate::of(limit).interval);
        let call = Call::new("limiter", "give back");
        self.calls
            .run_once(call, |link| GIVE_BACK.run(link, keys, args))
            .await
    }
}

/// A limit in nanoseconds.
struct Rate {
    /// The time in which one point is restored.
    interval: i64,
    /// The time in which all points are restored.
    all: i64,
}

impl Rate {
    /// Limits over centuries are capped at what a script's numbers hold.
    fn of(limit: Limit) -> Self {
        let points = i64::from(limit.points).max(1);
        let interval = i64::try_from(limit.interval().as_nanos()).unwrap_or(i64::MAX);
        let interval = interval.clamp(1, i64::MAX / points);
        Self {
            interval,
            all: interval.saturating_mul(points),
        }
    }

    fn left(&self, owed: i64) -> Left {
        // No key waits for longer than restoring all its points takes, even if the clock was set back.
        let owed = owed.clamp(0, self.all);
        let left = self.all.saturating_sub(owed);
        Left {
            remaining: u32::try_from(left / self.interval).unwrap_or(u32::MAX),
            reset: span(owed),
            retry_after: span(self.interval.saturating_sub(left).max(0)),
        }
    }

    fn admission(&self, granted: bool, owed: i64) -> Admission {
        let left = self.all.saturating_sub(owed);
        if granted {
            Admission::Granted {
                remaining: u32::try_from(left / self.interval).unwrap_or(0),
                reset: span(owed),
            }
        } else {
            Admission::Limited {
                retry_after: span(self.interval.saturating_sub(left)),
                reset: span(owed),
            }
        }
    }
}

/// The nanoseconds until a moment that the scripts stored, as milliseconds and the nanoseconds beyond
/// them. Unparsable values count as absent.
fn owed(moment: &str, now: Timestamp) -> Option<i64> {
    let (millis, nanos) = moment.split_once(':')?;
    let millis: i64 = millis.parse().ok()?;
    let ahead = millis.saturating_sub(now.as_millis());
    Some(
        ahead
            .saturating_mul(1_000_000)
            .saturating_add(nanos.parse().ok()?),
    )
}

/// Rounds up to a whole millisecond: the clock is no finer, and a caller that waits this long must be
/// admitted.
fn span(nanos: i64) -> Duration {
    let millis = nanos.saturating_add(999_999) / 1_000_000;
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_up_to_what_a_clock_shows() {
        let rate = Rate::of(Limit {
            points: 3,
            per: Duration::from_secs(1),
        });
        let limited = Admission::Limited {
            retry_after: Duration::from_millis(334),
            reset: Duration::from_secs(1),
        };
        assert_eq!(rate.admission(false, rate.all), limited);
    }

    #[test]
    fn no_limit_is_too_long_or_too_tight_for_a_number() {
        for (points, per) in [
            (u32::MAX, Duration::MAX),
            (u32::MAX, Duration::from_nanos(1)),
        ] {
            let rate = Rate::of(Limit { points, per });
            assert!(rate.interval >= 1 && rate.all >= rate.interval);
        }
    }
}
