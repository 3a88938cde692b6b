//! How long to wait, and how much.

use std::time::Duration;

/// How a [`Live`](crate::Live) goes about it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Options {
    /// How long to wait before coming back.
    pub patience: Patience,
    /// How many events may wait to be taken. From half of it on, receipts, typing and presence are left
    /// out; from three quarters on, what happens in a room is left with the server, and fetched when
    /// there is room for it again.
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
    /// With another patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// With so many events that may wait.
    #[must_use]
    pub const fn with_waiting(mut self, waiting: usize) -> Self {
        self.waiting = waiting;
        self
    }
}

/// Pauses that grow with each attempt in vain, and differ, so that not everybody comes back at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The first pause, at most.
    pub first: Duration,
    /// The longest.
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
    /// The pause after so many attempts in vain: at least half of what it may be.
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
