//! Limits how many frames a client sends.

use std::time::Duration;

use domain::port::limiter::Limit;
use tokio::time::Instant;

/// At this multiple of the limit the connection is closed.
const BREACH: u32 = 2;

/// Counts the frames of one connection, in fixed windows of time.
pub(crate) struct Rate {
    limit: Limit,
    since: Instant,
    frames: u32,
}

/// What to do with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Serve it.
    Fine,
    /// Refuse it; frames are served again after this time.
    Over(Duration),
    /// Close the connection.
    Flood,
}

impl Rate {
    pub(crate) fn new(limit: Limit) -> Self {
        Self {
            limit,
            since: Instant::now(),
            frames: 0,
        }
    }

    pub(crate) fn count(&mut self, now: Instant) -> Verdict {
        if self.limit.is_none() {
            return Verdict::Fine;
        }
        let mut passed = now.saturating_duration_since(self.since);
        if passed >= self.limit.per {
            (self.since, self.frames, passed) = (now, 0, Duration::ZERO);
        }
        self.frames = self.frames.saturating_add(1);
        if self.frames <= self.limit.points {
            Verdict::Fine
        } else if self.frames <= self.limit.points.saturating_mul(BREACH) {
            Verdict::Over(self.limit.per.saturating_sub(passed))
        } else {
            Verdict::Flood
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit {
        points: 3,
        per: Duration::from_secs(10),
    };

    #[test]
    fn a_few_are_fine_more_are_refused_and_a_flood_is_a_flood() {
        let mut rate = Rate::new(LIMIT);
        let now = rate.since + Duration::from_secs(4);
        let verdicts: Vec<Verdict> = (0..7).map(|_| rate.count(now)).collect();
        let over = Verdict::Over(Duration::from_secs(6));
        assert_eq!(
            verdicts,
            [
                Verdict::Fine,
                Verdict::Fine,
                Verdict::Fine,
                over,
                over,
                over,
                Verdict::Flood
            ]
        );
        assert_eq!(rate.count(now + LIMIT.per), Verdict::Fine);
    }

    #[test]
    fn without_a_limit_everything_is_fine() {
        let mut rate = Rate::new(Limit {
            points: 0,
            per: Duration::ZERO,
        });
        let now = rate.since;
        assert!((0..10_000).all(|_| rate.count(now) == Verdict::Fine));
    }
}
