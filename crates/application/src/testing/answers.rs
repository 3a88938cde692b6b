//! Assertions on the answers of use cases.

use std::sync::Arc;

use domain::Refusal;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::Error;

/// The refusal that the answer must be.
pub(crate) fn refusal<T>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

/// The fields that must have been rejected.
pub(crate) fn invalid_fields<T>(answer: Result<T, Error>) -> Vec<&'static str> {
    let Refusal::Invalid(problems) = refusal(answer) else {
        panic!("no field was the reason");
    };
    problems.iter().map(|problem| problem.field).collect()
}

/// The one field that must have been rejected.
pub(crate) fn bad_field<T>(answer: Result<T, Error>) -> &'static str {
    match invalid_fields(answer).as_slice() {
        [field] => field,
        other => panic!("{other:?}"),
    }
}

/// The answers of several tasks that start together, on whatever threads there are.
pub(crate) async fn at_once<F>(tasks: usize, task: impl Fn() -> F) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let start = Arc::new(Barrier::new(tasks));
    let mut running = JoinSet::new();
    for _ in 0..tasks {
        let (start, task) = (Arc::clone(&start), task());
        running.spawn(async move {
            start.wait().await;
            task.await
        });
    }
    running.join_all().await
}
