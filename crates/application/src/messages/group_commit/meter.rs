//! Metrics of commits.

use std::time::Instant;

use domain::Failure;
use domain::port::messages::Appended;

/// Runs an append and records its metrics.
pub(super) async fn measured(
    append: impl Future<Output = Result<Vec<Appended>, Failure>>,
) -> Result<Vec<Appended>, Failure> {
    let begun = Instant::now();
    let answer = append.await;
    let result = if answer.is_ok() { "ok" } else { "failed" };
    metrics::histogram!("tertulia_group_commit_seconds", "result" => result)
        .record(begun.elapsed());
    if let Ok(appended) = &answer {
        stored(appended);
    }
    answer
}

/// Counts a message that was refused because its lane was full.
pub(super) fn refused() {
    metrics::counter!("tertulia_group_commit_refused_total").increment(1);
}

fn stored(appended: &[Appended]) {
    let size = u32::try_from(appended.len()).unwrap_or(u32::MAX);
    metrics::histogram!("tertulia_group_commit_batch_size").record(size);
    let stored = appended
        .iter()
        .filter(|one| matches!(one, Appended::Stored(_)))
        .count();
    metrics::counter!("tertulia_messages_appended_total")
        .increment(u64::try_from(stored).unwrap_or(u64::MAX));
}
