//! Which push services asked for a pause, and until when.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Timestamp;

/// Maximum number of pauses remembered. One beyond that is ignored, so its service is called sooner
/// than it asked for.
const MOST: usize = 10_000;
/// Maximum length of a pause, whatever a service asks for.
const LONGEST: Duration = Duration::from_hours(1);

/// Remembers pauses by endpoint or origin.
#[derive(Default)]
pub(super) struct Rests {
    until: Mutex<HashMap<String, Timestamp>>,
}

impl Rests {
    /// Whether any of these is paused now.
    pub(super) fn any(&self, names: [&str; 2], now: Timestamp) -> bool {
        let until = self.lock();
        let rests = |name: &&str| until.get(*name).is_some_and(|until| *until > now);
        names.iter().any(rests)
    }

    /// Pauses one from now on.
    pub(super) fn begin(&self, name: &str, now: Timestamp, rest: Duration) {
        let mut until = self.lock();
        if until.len() >= MOST {
            until.retain(|_, until| *until > now);
        }
        if until.len() < MOST {
            until.insert(name.to_owned(), now + rest.min(LONGEST));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Timestamp>> {
        // A panic while the lock is held leaves nothing half-updated.
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use port_contracts::at;

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_rest_is_over_when_it_is_and_never_goes_on_for_long() {
        let rests = Rests::default();
        rests.begin("a", at(0), MINUTE);
        rests.begin("b", at(0), 10_000 * MINUTE);
        assert!(rests.any(["a", "x"], at(0)));
        assert!(!rests.any(["x", "a"], at(0) + MINUTE));
        assert!(rests.any(["x", "b"], at(0) + MINUTE));
        assert!(!rests.any(["x", "b"], at(0) + LONGEST));
    }

    #[test]
    fn there_are_never_too_many() {
        let rests = Rests::default();
        for number in 0..=MOST {
            rests.begin(&number.to_string(), at(0), MINUTE);
        }
        assert_eq!(rests.lock().len(), MOST);
        rests.begin("late", at(0) + MINUTE, MINUTE);
        assert_eq!(rests.lock().len(), 1);
    }
}
