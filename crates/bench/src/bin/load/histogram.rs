//! A histogram of durations, in a few kilobytes whatever their number.

use std::time::Duration;

/// Buckets per doubling of the duration: the error is less than two percent.
const FINE: usize = 64;
const FINE_BITS: u32 = FINE.trailing_zeros();
/// Enough for every 64-bit number of nanoseconds.
const BUCKETS: usize = FINE * 59;

/// Counts durations by their length.
#[derive(Clone)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            counts: vec![0; BUCKETS],
            total: 0,
        }
    }

    /// Counts one.
    pub(crate) fn record(&mut self, nanos: u64) {
        if let Some(count) = self.counts.get_mut(bucket(nanos)) {
            *count += 1;
            self.total += 1;
        }
    }

    /// How many were counted.
    pub(crate) fn len(&self) -> u64 {
        self.total
    }

    /// The duration that `thousandths` per mille of them did not exceed.
    pub(crate) fn permille(&self, thousandths: u64) -> Duration {
        let wanted = (self.total * thousandths).div_ceil(1000).max(1);
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return Duration::from_nanos(upper_end(bucket));
            }
        }
        Duration::ZERO
    }
}

fn bucket(nanos: u64) -> usize {
    let highest_bit = u64::BITS - nanos.leading_zeros();
    let shift = highest_bit.saturating_sub(FINE_BITS + 1);
    let fine = usize::try_from(nanos >> shift).unwrap_or(usize::MAX);
    let doublings = usize::try_from(shift).unwrap_or(usize::MAX);
    doublings * FINE + fine
}

/// The first duration that is in a later bucket.
fn upper_end(bucket: usize) -> u64 {
    let doublings = (bucket / FINE).saturating_sub(1);
    let fine = bucket - doublings * FINE + 1;
    let fine = u64::try_from(fine).unwrap_or(u64::MAX);
    u32::try_from(doublings)
        .ok()
        .and_then(|shift| fine.checked_shl(shift))
        .unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_close_to_what_was_recorded() {
        for nanos in [
            0,
            1,
            63,
            64,
            127,
            128,
            1_000,
            999_999,
            123_456_789,
            u64::MAX / 4,
        ] {
            let mut histogram = Histogram::new();
            histogram.record(nanos);
            let told = u64::try_from(histogram.permille(500).as_nanos()).unwrap();
            assert!(
                told > nanos && told - nanos <= nanos / 50 + 1,
                "{nanos}: {told}"
            );
        }
    }

    #[test]
    fn every_duration_has_a_bucket_and_they_rise() {
        assert!(bucket(u64::MAX) < BUCKETS);
        let places: Vec<usize> = (0..10_000).map(bucket).collect();
        assert!(places.is_sorted());
    }

    #[test]
    fn permilles_are_places_in_the_order() {
        let mut histogram = Histogram::new();
        for micros in 1..=1000 {
            histogram.record(micros * 1000);
        }
        assert_eq!(histogram.len(), 1000);
        for (thousandths, micros) in [(500, 500.0), (990, 990.0), (999, 999.0)] {
            let told = histogram.permille(thousandths).as_secs_f64() * 1e6;
            assert!((told / micros - 1.0).abs() < 0.02, "{thousandths}: {told}");
        }
    }

    #[test]
    fn nothing_recorded_is_no_time() {
        assert_eq!(Histogram::new().permille(990), Duration::ZERO);
    }
}
