//! Many tasks that start together.

use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// The number of tasks in a test of concurrency.
pub const CROWD: usize = 20;

/// How often a crowd contends, each time for something new, since a store that checks first and writes
/// later might be lucky once.
pub const ROUNDS: usize = 5;

/// Starts `count` tasks at the same time, on all available threads, and returns their results in the
/// order of their numbers.
pub async fn at_once<T, F>(count: usize, task: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(count));
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let (start, work) = (Arc::clone(&start), task(number));
        tasks.spawn(async move {
            start.wait().await;
            (number, work.await)
        });
    }
    let mut answers = tasks.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
