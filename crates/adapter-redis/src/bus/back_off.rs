//! How long to wait before a retry: longer each time, and never the same for all nodes.

use std::sync::Arc;
use std::time::Duration;

use domain::port::Ids;

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

pub(super) struct BackOff {
    ids: Arc<dyn Ids>,
    next: Duration,
}

impl BackOff {
    pub(super) fn new(ids: Arc<dyn Ids>) -> Self {
        Self {
            ids,
            next: SHORTEST,
        }
    }

    /// The next delay: between half and all of a span that doubles each time.
    pub(super) fn wait(&mut self) -> Duration {
        let span = self.next;
        self.next = span.saturating_mul(2).min(LONGEST);
        let mut bits = [0; 1];
        self.ids.fill(&mut bits);
        let [part] = bits;
        span.saturating_mul(256 + u32::from(part)) / 512
    }

    pub(super) const fn reset(&mut self) {
        self.next = SHORTEST;
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    struct Always(u8);

    impl Ids for Always {
        fn uuid(&self) -> Uuid {
            Uuid::nil()
        }

        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn waits_grow_up_to_a_bound() {
        for (bits, least, most) in [(0, 25, 1_000), (255, 49, 2_000)] {
            let mut back_off = BackOff::new(Arc::new(Always(bits)));
            let waits: Vec<Duration> = (0..12).map(|_| back_off.wait()).collect();
            assert!(waits.is_sorted());
            assert_eq!(waits[0].as_millis(), least);
            assert!(waits[11] <= Duration::from_millis(most));
            back_off.reset();
            assert_eq!(back_off.wait(), waits[0]);
        }
    }
}
