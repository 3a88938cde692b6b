//! Obligations of [`domain::port::Clock`].

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use domain::Timestamp;
use domain::port::Clock;

contract!(clock {
    now_is_the_machines_time,
    time_goes_on,
});

pub async fn now_is_the_machines_time(clock: &Arc<dyn Clock>) {
    let (before, told, after) = (system_time(), clock.now(), system_time());
    let off = before.since(told).max(told.since(after));
    assert!(off < Duration::from_secs(1), "off by {off:?}");
}

pub async fn time_goes_on(clock: &Arc<dyn Clock>) {
    let deadline = Instant::now() + Duration::from_secs(10);
    for _ in 0..3 {
        let start = clock.now();
        let mut next = start;
        while next == start {
            assert!(Instant::now() < deadline, "it stands still");
            tokio::task::yield_now().await;
            next = clock.now();
        }
        let step = next.since(start);
        assert!(step < Duration::from_secs(5), "it leaps by {step:?}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the suite needs a clock of its own: the port is among what it tests"
)]
fn system_time() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::from_millis(0) + since.unwrap()
}
