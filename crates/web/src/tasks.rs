//! Tasks that wait for other threads: for a store, a hashed password, a model.
//!
//! The runtime of a worker, a [`LocalSet`](tokio::task::LocalSet), prefers tasks that were woken by the
//! worker's own thread: while it has any of those, only one turn in 31 goes to a task that another thread
//! woke. A worker that writes to hundreds of sockets always has some, so answers from a store would pile
//! up behind its writes. Here, all such tasks of a worker are one task to the runtime, which polls those
//! that are ready in the order in which they were woken, as many as tokio's cooperative budget allows.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::rt;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::coop::consume_budget;

/// How many tasks of a worker may wait for its next turn.
const WAITING: usize = 1_024;

type Running = LocalBoxFuture<'static, ()>;

thread_local! {
    /// Where this worker's tasks are handed in.
    static NEW: RefCell<Sender<Running>> = RefCell::new(channel(WAITING).0);
}

/// Runs a task to its end on this worker, whether or not anybody waits for it.
pub(crate) fn spawn<T: 'static>(task: impl Future<Output = T> + 'static) -> Task<T> {
    let (tell, outcome) = oneshot::channel();
    let running = async move {
        // A panic must not take the worker's other tasks with it. Its hook has logged it.
        if let Ok(outcome) = AssertUnwindSafe(task).catch_unwind().await {
            drop(tell.send(outcome));
        }
    };
    hand_in(running.boxed_local());
    Task(outcome)
}

fn hand_in(task: Running) {
    NEW.with_borrow_mut(|new| match new.try_send(task) {
        Ok(()) => (),
        // It runs all the same, only behind what the worker wakes itself.
        Err(TrySendError::Full(task)) => drop(rt::spawn(task)),
        // The first task of this worker, or its runtime is not the one that was here before.
        Err(TrySendError::Closed(task)) => {
            let (sender, receiver) = channel(WAITING);
            rt::spawn(run_all(receiver));
            drop(sender.try_send(task));
            *new = sender;
        }
    });
}

async fn run_all(mut new: Receiver<Running>) {
    let mut running = FuturesUnordered::new();
    loop {
        tokio::select! {
            biased;
            Some(task) = new.recv() => running.push(task),
            Some(()) = running.next(), if !running.is_empty() => consume_budget().await,
            else => return,
        }
    }
}

/// A task that was spawned. Dropping this does not stop it.
pub(crate) struct Task<T>(oneshot::Receiver<T>);

/// The task panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

impl<T> Future for Task<T> {
    type Output = Result<T, Panicked>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_unpin(cx).map_err(|_canceled| Panicked)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::thread;

    use super::*;

    #[actix_web::test]
    async fn a_task_runs_though_nobody_waits_for_it() {
        let (begun, begins) = oneshot::channel();
        let (go_on, goes_on) = oneshot::channel::<()>();
        let (done, ends) = oneshot::channel();
        drop(spawn(async move {
            begun.send(()).unwrap();
            goes_on.await.unwrap();
            done.send(7).unwrap();
        }));
        begins.await.unwrap();
        go_on.send(()).unwrap();
        assert_eq!(ends.await.unwrap(), 7);
    }

    #[actix_web::test]
    async fn a_panic_stops_only_its_own_task() {
        let (go_on, goes_on) = oneshot::channel();
        let other = spawn(goes_on);
        assert_eq!(
            spawn(async { panic!("as the test wants it") }).await,
            Err::<(), _>(Panicked)
        );
        go_on.send(()).unwrap();
        assert_eq!(other.await, Ok(Ok(())));
    }

    #[actix_web::test]
    async fn more_tasks_than_may_wait_run_as_well() {
        let tasks: Vec<Task<usize>> = (0..=2 * WAITING)
            .map(|number| spawn(async move { number }))
            .collect();
        for (number, task) in tasks.into_iter().enumerate() {
            assert_eq!(task.await, Ok(number));
        }
    }

    /// Keeps the worker busy until `stop`, and counts the turns that it gets.
    async fn spin(stop: Rc<Cell<bool>>, turns: Rc<Cell<usize>>) {
        poll_fn(|cx| {
            if stop.get() {
                return Poll::Ready(());
            }
            turns.set(turns.get() + 1);
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    #[actix_web::test]
    async fn answers_of_other_threads_do_not_pile_up_behind_what_the_worker_does() {
        const ANSWERS: usize = 1_000;
        let (stop, turns) = <(Rc<Cell<bool>>, Rc<Cell<usize>>)>::default();
        let (senders, tasks): (Vec<_>, Vec<_>) = (0..ANSWERS)
            .map(|_| {
                let (answer, answered) = oneshot::channel::<()>();
                (answer, spawn(answered))
            })
            .unzip();
        // Until all of them wait.
        for _ in 0..ANSWERS {
            rt::task::yield_now().await;
        }
        rt::spawn(spin(Rc::clone(&stop), Rc::clone(&turns)));
        let answering = thread::spawn(|| {
            for sender in senders {
                sender.send(()).unwrap();
            }
        });
        answering.join().unwrap();
        let before = turns.get();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        stop.set(true);
        // One by one they would have taken thirty turns each.
        assert!(turns.get() - before < ANSWERS, "{}", turns.get() - before);
    }
}
