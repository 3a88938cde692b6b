//! Options: pauses between attempts, and the size of the queue.

use std::time::Duration;

/// Options of a [`Live`](crate::Live) connection.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Options {
    /// How long to wait before reconnecting.
    pub patience: Patience,
    /// The capacity of the event queue. When it is half full, receipts, typing and presence are
    /// dropped; when it is three quarters full, events of rooms are left with the server and
    /// fetched once there is capacity again.
    pub waiting: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            patience: Patience::default(),
            waiting: 1024,
        }
    }
}

impl Options {
    /// Sets the pauses between attempts.
    #[must_use]
    pub const fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Sets the capacity of the event queue.
    #[must_use]
    pub const fn with_waiting(mut self, waiting: usize) -> Self {
        self.waiting = waiting;
        self
    }
}

/// Exponential backoff with jitter, so that not all clients reconnect at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The upper bound of the first pause.
    pub first: Duration,
    /// The upper bound of all pauses.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
        }
    }
}

impl Patience {
    /// The pause after this many failures in a row: at least half of its upper bound.
    pub(super) fn pause(self, failures: u32, dice: u32) -> Duration {
        let bound = self
            .first
            .saturating_mul(2_u32.saturating_pow(failures))
            .min(self.longest);
        let half = bound / 2;
        half + half.mul_f64(f64::from(dice) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_differ_and_end() {
        let patience = Patience::default();
        let pauses =
            |failures| [0, u32::MAX].map(|dice| patience.pause(failures, dice).as_millis());
        assert_eq!(pauses(0), [250, 500]);
        assert_eq!(pauses(1), [500, 1000]);
        for failures in [6, 31, u32::MAX] {
            assert_eq!(pauses(failures), [15_000, 30_000], "{failures}");
        }
    }
}
