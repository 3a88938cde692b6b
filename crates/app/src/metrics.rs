//! Records the metrics of all crates.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::settings::Profile;

/// Buckets of durations: from what memory takes to what nobody waits for any longer.
const SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Buckets of sizes: up to the largest commit.
const SIZES: [f64; 12] = [
    1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0,
];

/// Counters that are shown before there is anything to count: `increase` and `rate` of Prometheus miss
/// the first event of a series that begins with it.
const FROM_ZERO: [&str; 11] = [
    "tertulia_messages_appended_total",
    "tertulia_group_commit_refused_total",
    "tertulia_bus_notices_lost_total",
    "tertulia_http_breakdowns_total",
    "tertulia_socket_breakdowns_total",
    "tertulia_logins_refused_total",
    "tertulia_deliveries_total",
    "tertulia_realtime_holes_total",
    "tertulia_realtime_lagging_total",
    "tertulia_realtime_overruns_total",
    "tertulia_realtime_breakdowns_total",
];

/// How often recorded samples are aggregated; until then each takes up memory.
const ADD_UP_EVERY: Duration = Duration::from_secs(5);

/// The metrics so far.
#[derive(Clone)]
pub(crate) struct Counted(PrometheusHandle);

/// Installs the recorder. There is one per process, however many servers run in it.
pub(crate) fn start(profile: &Profile) -> anyhow::Result<Counted> {
    static COUNTING: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut counting = COUNTING.lock().unwrap_or_else(PoisonError::into_inner);
    let handle = match &*counting {
        Some(handle) => handle.clone(),
        None => counting.insert(count()?).clone(),
    };
    drop(counting);
    gauge!(
        "tertulia_build_info",
        "version" => env!("CARGO_PKG_VERSION"), "profile" => profile.to_string()
    )
    .set(1);
    Ok(Counted(handle))
}

impl Counted {
    /// Renders the metrics for Prometheus.
    pub(crate) fn written(&self) -> String {
        self.0.render()
    }

    /// Aggregates recorded samples, forever.
    pub(crate) async fn add_up(self) -> ! {
        loop {
            tokio::time::sleep(ADD_UP_EVERY).await;
            self.0.run_upkeep();
        }
    }
}

fn count() -> anyhow::Result<PrometheusHandle> {
    let sizes = Matcher::Suffix("_size".to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets(&SECONDS)?
        .set_buckets_for_metric(sizes, &SIZES)?
        .install_recorder()
        .context("another metrics recorder is installed in this process")?;
    describe();
    for name in FROM_ZERO {
        counter!(name).increment(0);
    }
    gauge!("tertulia_connections").increment(0);
    Ok(handle)
}

fn describe() {
    describe_jobs();
    describe_summaries();
    describe_counter!("tertulia_spans_total", "Spans to be exported.");
    describe_counter!(
        "tertulia_spans_sent_total",
        "Spans that the collector has accepted; the others are queued or were dropped."
    );
    describe_gauge!(
        "tertulia_build_info",
        "The version and profile that run here; always 1."
    );
    describe_gauge!("tertulia_backend_up", "Whether a backend answers.");
    describe_gauge!(
        "tertulia_backend_check_seconds",
        "How long a backend took to answer a health check."
    );
    describe_gauge!(
        "tertulia_fallback_in_force",
        "Whether this node is working without a backend, on its own knowledge."
    );
    describe_counter!(
        "tertulia_fallback_calls_total",
        "Calls that were answered without the backend."
    );
    describe_counter!(
        "tertulia_database_statements_total",
        "Requests to a database: statements or commands; concurrent Redis commands count as one."
    );
    describe_counter!("tertulia_messages_appended_total", "Messages stored.");
    describe_histogram!("tertulia_group_commit_batch_size", "Messages in a commit.");
    describe_histogram!("tertulia_group_commit_seconds", "How long a commit took.");
    describe_counter!(
        "tertulia_group_commit_refused_total",
        "Messages refused because the queue was full."
    );
    describe_counter!(
        "tertulia_bus_notices_lost_total",
        "Notices between nodes that were lost; the store makes up for them."
    );
    describe_counter!("tertulia_http_requests_total", "Requests answered.");
    describe_histogram!(
        "tertulia_http_request_seconds",
        "How long requests took to be answered."
    );
    describe_counter!(
        "tertulia_http_breakdowns_total",
        "Requests whose handler panicked."
    );
    describe_counter!(
        "tertulia_logins_refused_total",
        "Logins refused for a wrong name or password."
    );
    describe_counter!(
        "tertulia_media_looked_at_total",
        "Pictures inspected, by outcome."
    );
    describe_realtime();
}

fn describe_realtime() {
    describe_gauge!(
        "tertulia_connections",
        "Authenticated sockets of all kinds on this node."
    );
    describe_counter!(
        "tertulia_deliveries_total",
        "Changes delivered to connections, one for each change and recipient."
    );
    describe_counter!(
        "tertulia_realtime_holes_total",
        "Changes that were read from the store because no hint announced them."
    );
    describe_counter!(
        "tertulia_realtime_lagging_total",
        "Connections that read too slowly and had to catch up in a room."
    );
    describe_counter!(
        "tertulia_realtime_overruns_total",
        "Times that a worker's queue overflowed, so that it caught up from the store."
    );
    describe_counter!(
        "tertulia_realtime_breakdowns_total",
        "Panics while changes were put in order or delivered."
    );
    describe_counter!(
        "tertulia_socket_breakdowns_total",
        "Socket commands whose handler panicked."
    );
}

fn describe_summaries() {
    describe_counter!("tertulia_summaries_total", "Summaries delivered.");
    describe_histogram!("tertulia_summary_seconds", "How long a summary took.");
    describe_counter!(
        "tertulia_summary_parts_total",
        "Parts of summaries, by their source."
    );
    describe_counter!("tertulia_summary_model_calls_total", "Calls of the model.");
    describe_counter!(
        "tertulia_summary_tokens_total",
        "Tokens used by the model, by direction."
    );
    describe_counter!(
        "tertulia_summary_degraded_total",
        "Parts made without the model, by reason."
    );
    describe_gauge!(
        "tertulia_summary_breaker_open",
        "Whether the circuit breaker of the model is open."
    );
}

fn describe_jobs() {
    describe_gauge!(
        "tertulia_outbox_waiting",
        "Events in the outbox that no queue has confirmed yet."
    );
    describe_gauge!(
        "tertulia_outbox_parked",
        "Dead letters kept beside the outbox, without RabbitMQ."
    );
    describe_counter!(
        "tertulia_jobs_published_total",
        "Events that this node has published to the queues."
    );
    describe_counter!(
        "tertulia_jobs_relay_failures_total",
        "Rounds in which the relay could not publish events."
    );
    describe_counter!(
        "tertulia_jobs_total",
        "Jobs processed, by queue and outcome."
    );
    describe_counter!("tertulia_webhook_calls_total", "Webhook calls, by outcome.");
    describe_counter!(
        "tertulia_notifications_total",
        "People notified of a message while they were away."
    );
    describe_counter!("tertulia_pushes_total", "Pushes to devices, by outcome.");
    describe_counter!(
        "tertulia_background_breakdowns_total",
        "Background tasks that panicked and started again, by task."
    );
    describe_histogram!("tertulia_job_seconds", "How long jobs took, by queue.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_written_down() {
        let profile = "test".parse().unwrap();
        let (first, second) = (start(&profile).unwrap(), start(&profile).unwrap());
        metrics::counter!("tertulia_messages_appended_total").increment(7);
        metrics::histogram!("tertulia_group_commit_batch_size").record(3);
        for counted in [first, second] {
            let written = counted.written();
            for line in [
                "# TYPE tertulia_messages_appended_total counter",
                "tertulia_messages_appended_total 7",
                "tertulia_group_commit_batch_size_bucket{le=\"4\"} 1",
                "tertulia_http_breakdowns_total 0",
                "tertulia_connections 0",
                "profile=\"test\"",
            ] {
                assert!(written.contains(line), "{line} is not in\n{written}");
            }
        }
    }
}
