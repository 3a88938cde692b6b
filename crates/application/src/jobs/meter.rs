//! Metrics of jobs.

use std::time::Duration;

use domain::port::jobs::{Queue, Verdict};

/// Counts events relayed to the queues.
pub(super) fn carried(events: usize) {
    let events = u64::try_from(events).unwrap_or(u64::MAX);
    metrics::counter!("tertulia_jobs_published_total").increment(events);
}

/// Counts a failed round of the relay.
pub(super) fn failed() {
    metrics::counter!("tertulia_jobs_relay_failures_total").increment(1);
}

/// Counts a processed delivery, and records how long it took.
pub(super) fn worked(queue: Queue, verdict: Verdict, took: Duration) {
    let word = match verdict {
        Verdict::Done => "done",
        Verdict::Retry => "retry",
        Verdict::Dead => "dead",
    };
    metrics::counter!("tertulia_jobs_total", "queue" => queue.name(), "verdict" => word)
        .increment(1);
    metrics::histogram!("tertulia_job_seconds", "queue" => queue.name()).record(took);
}

/// Reports how many events wait in the outbox, and how many are parked beside it.
pub(super) fn backlog((waiting, parked): (i64, i64)) {
    let count = |events| u32::try_from(events).unwrap_or(u32::MAX);
    metrics::gauge!("tertulia_outbox_waiting").set(count(waiting));
    metrics::gauge!("tertulia_outbox_parked").set(count(parked));
}
