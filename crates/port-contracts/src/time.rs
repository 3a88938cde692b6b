//! How tests let time pass for an adapter that has its own notion of time.

use std::time::Duration;

use tokio::time::sleep;

/// An adapter's time, in units of its own.
pub struct Time {
    unit: Duration,
    pass: Pass,
}

enum Pass {
    Move(Box<dyn Fn(Duration) + Send + Sync>),
    Wait,
}

impl Time {
    /// For an adapter with an injected clock: this advances that clock.
    pub fn moved(clock: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self {
            unit: Duration::from_mins(1),
            pass: Pass::Move(Box::new(clock)),
        }
    }

    /// For an adapter that relies on a server's clock: all one can do is wait. A unit is as long as a
    /// few calls take at most.
    pub const fn waited(unit: Duration) -> Self {
        Self {
            unit,
            pass: Pass::Wait,
        }
    }

    /// The length of this many units.
    pub fn units(&self, count: u32) -> Duration {
        self.unit.saturating_mul(count)
    }

    /// Lets this many units pass.
    pub async fn pass(&self, count: u32) {
        let span = self.units(count);
        match &self.pass {
            Pass::Move(clock) => clock(span),
            Pass::Wait => sleep(span).await,
        }
    }
}
