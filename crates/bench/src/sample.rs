//! Measured durations and their statistics.

use std::time::Duration;

/// How long each of many calls took, and how long the whole measurement took.
pub struct Sample {
    calls: Vec<Duration>,
    elapsed: Duration,
}

impl Sample {
    /// A sample of calls with these durations, made within `elapsed`.
    pub fn of(mut calls: Vec<Duration>, elapsed: Duration) -> Self {
        calls.sort_unstable();
        Self { calls, elapsed }
    }

    /// Calls per second.
    pub fn rate(&self) -> f64 {
        let calls = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
        f64::from(calls) / self.elapsed.as_secs_f64()
    }

    /// The duration within which `hundredths` percent of the calls completed.
    pub fn percentile(&self, hundredths: usize) -> Duration {
        let place = self.calls.len() * hundredths / 100;
        let last = self.calls.len().saturating_sub(1);
        self.calls.get(place.min(last)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_places_in_the_sorted_sample() {
        let calls = (1..=100).rev().map(Duration::from_millis).collect();
        let sample = Sample::of(calls, Duration::from_secs(2));
        assert_eq!(sample.percentile(50), Duration::from_millis(51));
        assert_eq!(sample.percentile(99), Duration::from_millis(100));
        assert!((sample.rate() - 50.0).abs() < f64::EPSILON);
    }
}
