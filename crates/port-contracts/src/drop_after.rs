//! Callers that are cancelled before they have an answer.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Polls a call `waits` times and then drops it, wherever it is. Returns its result if it finished
/// before.
pub async fn drop_after<F: Future>(waits: usize, call: F) -> Option<F::Output> {
    let mut call = pin!(call);
    let mut left = waits;
    poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn a_call_is_dropped_where_it_waits() {
        let twice = async || {
            yield_now().await;
            yield_now().await;
        };
        assert_eq!(drop_after(0, twice()).await, None);
        assert_eq!(drop_after(1, twice()).await, None);
        assert_eq!(drop_after(2, twice()).await, Some(()));
        assert_eq!(drop_after(0, async {}).await, Some(()));
    }
}
