//! How a test lets time pass for an adapter that asks nobody's clock but its own.

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
    /// Of an adapter that is handed a clock: this moves the clock on.
    pub fn moved(clock: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self {
            unit: Duration::from_mins(1),
            pass: Pass::Move(Box::new(clock)),
        }
    }

    /// Of an adapter that goes by a server's clock: there is nothing but to wait. A unit is as long
    /// as a few calls take at the most.
    pub const fn waited(unit: Duration) -> Self {
        Self {
            unit,
            pass: Pass::Wait,
        }
    }

    /// So many units.
    pub fn units(&self, count: u32) -> Duration {
        self.unit.saturating_mul(count)
    }

    /// Lets so many units pass.
    pub async fn pass(&self, count: u32) {
        let span = self.units(count);
        match &self.pass {
            Pass::Move(clock) => clock(span),
            Pass::Wait => sleep(span).await,
        }
    }
}
