//! One lane: a bounded queue, and the task that commits what waits in it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use domain::port::Messages;
use domain::port::messages::{Appended, NewMessage};
use domain::{Failure, Retry};
use futures::FutureExt as _;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::decorator::{GroupCommitOptions, closed};
use super::meter;
use crate::shared_failure::SharedFailure;

type Answer = oneshot::Sender<Result<Appended, Failure>>;

/// A queued message.
struct Waiting {
    message: NewMessage,
    answer: Answer,
}

/// The sending side of a lane.
pub(super) struct Lane {
    entrance: mpsc::Sender<Waiting>,
}

impl Lane {
    /// Queues a message and waits until it is committed.
    pub(super) async fn send(&self, message: NewMessage) -> Result<Appended, Failure> {
        let (answer, answered) = oneshot::channel();
        match self.entrance.try_send(Waiting { message, answer }) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                meter::refused();
                return Err(full());
            }
            Err(TrySendError::Closed(_)) => return Err(closed()),
        }
        // An answer is lost only when the lane's task is torn down with its runtime.
        answered.await.unwrap_or_else(|_| Err(closed()))
    }
}

/// The receiving side of a lane, owned by its task.
pub(super) struct Passage {
    inner: Arc<dyn Messages>,
    queue: mpsc::Receiver<Waiting>,
    batch: usize,
    closing: CancellationToken,
}

impl Passage {
    /// Opens a lane that accepts messages until `closing`.
    pub(super) fn open(
        inner: Arc<dyn Messages>,
        options: GroupCommitOptions,
        closing: CancellationToken,
    ) -> (Lane, Self) {
        let (entrance, queue) = mpsc::channel(options.lane_queue.max(1));
        let passage = Self {
            inner,
            queue,
            batch: options.batch.max(1),
            closing,
        };
        (Lane { entrance }, passage)
    }

    /// Commits messages until the lane is closed, or its sending side is dropped, and the queue is
    /// drained.
    pub(super) async fn run(mut self) {
        while let Some(turn) = self.gather().await {
            self.commit(turn).await;
        }
    }

    /// Waits for a message, and takes along those that are already queued.
    async fn gather(&mut self) -> Option<Vec<Waiting>> {
        let mut turn = Vec::new();
        let taken = tokio::select! {
            biased;
            () = self.closing.cancelled(), if !self.queue.is_closed() => {
                self.queue.close();
                self.queue.recv_many(&mut turn, self.batch).await
            }
            taken = self.queue.recv_many(&mut turn, self.batch) => taken,
        };
        (taken > 0).then_some(turn)
    }

    /// Commits messages in one step, and answers all of their senders.
    async fn commit(&self, turn: Vec<Waiting>) {
        let (messages, answers): (Vec<NewMessage>, Vec<Answer>) = turn
            .into_iter()
            .map(|waiting| (waiting.message, waiting.answer))
            .unzip();
        match self.append(&messages).await {
            Ok(appended) => tell(answers, appended.into_iter().map(Ok)),
            Err(failure) if failure.retry == Retry::Useless && messages.len() > 1 => {
                self.commit_each(&messages, answers, &failure).await;
            }
            Err(failure) => {
                let shared = SharedFailure::new(failure);
                tell(answers, std::iter::repeat_with(|| Err(shared.tell())));
            }
        }
    }

    /// Tries messages one by one after a batch failed for good: what fails for one of them may succeed
    /// for the others.
    async fn commit_each(&self, messages: &[NewMessage], answers: Vec<Answer>, cause: &Failure) {
        tracing::warn!(
            error = %cause.chain(),
            messages = messages.len(),
            "a batch failed to commit; retrying its messages one by one"
        );
        for (message, answer) in messages.iter().zip(answers) {
            match self.append(std::slice::from_ref(message)).await {
                Ok(appended) => tell(vec![answer], appended.into_iter().map(Ok)),
                Err(failure) => tell(vec![answer], std::iter::once(Err(failure))),
            }
        }
    }

    /// Appends to the store, turning a panic there into a failure: a lane serves many rooms and must
    /// survive one bad message.
    async fn append(&self, messages: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        let call = AssertUnwindSafe(meter::measured(self.inner.append(messages)));
        call.catch_unwind()
            .await
            .unwrap_or_else(|_| Err(Failure::lasting("messages", "append", "the store panicked")))
    }
}

/// Answers the senders in order. Those that are gone are skipped.
fn tell(answers: Vec<Answer>, results: impl Iterator<Item = Result<Appended, Failure>>) {
    // A store that returns too few answers must not be asked again: the messages may already be stored.
    let results = results.chain(std::iter::repeat_with(|| Err(miscounted())));
    for (answer, result) in answers.into_iter().zip(results) {
        drop(answer.send(result));
    }
}

fn full() -> Failure {
    Failure::overloaded("messages", "append", "the lane is full")
}

fn miscounted() -> Failure {
    Failure::lasting(
        "messages",
        "append",
        "the store did not answer once for each message",
    )
}
