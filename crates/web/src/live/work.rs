//! A client's jobs, run one after another.

use std::collections::VecDeque;
use std::future::pending;
use std::time::Duration;

use tokio::time::timeout;

use super::peer::Peer;
use super::sends::Sends;
use crate::tasks::{Panicked, Task};

/// How many jobs may wait behind the running one. Beyond that, nothing more is read.
const MOST: usize = 64;

/// How long a user who left still counts as present, while their last jobs are completed.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long an end usually waits for what runs, so that its answer is still delivered.
pub(crate) const LAST_WORD: Duration = Duration::from_millis(500);

/// A job to run for a client.
pub(crate) trait Job {
    /// Whether it posts a message. Several of those may be in flight together, in order.
    fn is_send(&self) -> bool;

    /// Whether others notice it, in which case it is run even after its client has left.
    fn is_noticed(&self) -> bool;
}

/// A client's jobs: messages are pipelined, and everything else runs by itself. All of it runs apart
/// from the task that owns the socket, so that it is completed even if the client leaves.
pub(crate) struct Work<J> {
    waiting: VecDeque<J>,
    running: Option<Task<()>>,
}

impl<J: Job> Work<J> {
    pub(crate) const fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            running: None,
        }
    }

    /// Whether another job may be queued.
    pub(crate) fn has_capacity(&self) -> bool {
        self.waiting.len() < MOST
    }

    pub(crate) fn take_on(&mut self, job: J) {
        self.waiting.push_back(job);
    }

    /// Queues a job for these rooms or messages, if there are any.
    pub(crate) fn take_on_if_any<T>(&mut self, items: Vec<T>, job: impl FnOnce(Vec<T>) -> J) {
        if !items.is_empty() {
            self.take_on(job(items));
        }
    }

    /// Starts what may start. A job that posts a message returns no handle: `sends` tracks it.
    pub(crate) fn start_next(&mut self, sends: &Sends, start: impl Fn(J) -> Option<Task<()>>) {
        while self.running.is_none()
            && let Some(job) = self.waiting.pop_front()
        {
            let may_begin = if job.is_send() {
                sends.have_capacity()
            } else {
                sends.are_done()
            };
            if !may_begin {
                return self.waiting.push_front(job);
            }
            self.running = start(job);
        }
    }

    /// Waits until the running job is done; forever if none is running.
    pub(crate) async fn done(&mut self) {
        match &mut self.running {
            Some(work) => {
                if work.await == Err(Panicked) {
                    tracing::error!("a socket command panicked");
                    metrics::counter!("tertulia_socket_breakdowns_total").increment(1);
                }
                self.running = None;
            }
            None => pending().await,
        }
    }

    /// Completes, for a client that has left, the queued jobs that others notice, until the connection has
    /// to end. After a while what has begun goes on by itself.
    pub(crate) async fn farewell(&mut self, peer: &Peer, start: impl Fn(J) -> Option<Task<()>>) {
        let may_go_on = || peer.connection.ending().is_none();
        drop(timeout(FAREWELL, self.drain(&peer.sends, may_go_on, start)).await);
    }

    /// Waits until nothing runs, so that all answers are delivered, but no longer than this. After that,
    /// what has begun goes on, but its answer is not delivered.
    pub(crate) async fn last_word(&mut self, sends: &Sends, most: Duration) {
        drop(timeout(most, self.finish(sends)).await);
    }

    /// Completes the queued jobs that others notice, while `may_go_on`.
    async fn drain(
        &mut self,
        sends: &Sends,
        may_go_on: impl Fn() -> bool,
        start: impl Fn(J) -> Option<Task<()>>,
    ) {
        self.waiting.retain(Job::is_noticed);
        loop {
            if !may_go_on() {
                self.waiting.clear();
            }
            self.start_next(sends, &start);
            if self.waiting.is_empty() {
                return self.finish(sends).await;
            }
            tokio::select! {
                () = self.done() => (),
                () = sends.moved() => (),
            }
        }
    }

    /// Waits until nothing runs. Queued jobs are not started.
    async fn finish(&mut self, sends: &Sends) {
        sends.done().await;
        if self.running.is_some() {
            self.done().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use futures::FutureExt as _;
    use futures::channel::oneshot;

    use super::*;
    use crate::tasks;

    struct Numbered {
        number: usize,
        is_noticed: bool,
    }

    impl Job for Numbered {
        fn is_send(&self) -> bool {
            false
        }

        fn is_noticed(&self) -> bool {
            self.is_noticed
        }
    }

    const fn noticed(number: usize) -> Numbered {
        Numbered {
            number,
            is_noticed: true,
        }
    }

    /// The jobs that are begun after their client has left.
    async fn drained(jobs: [Numbered; 3], may_go_on: impl Fn() -> bool) -> Vec<usize> {
        let mut work = Work::new();
        for job in jobs {
            work.take_on(job);
        }
        let begun = RefCell::new(Vec::new());
        let start = |job: Numbered| {
            begun.borrow_mut().push(job.number);
            Some(tasks::spawn(async {}))
        };
        work.drain(&Sends::default(), may_go_on, start).await;
        begun.take()
    }

    #[actix_web::test]
    async fn what_others_notice_is_done_though_its_client_has_left() {
        let unnoticed = Numbered {
            number: 2,
            is_noticed: false,
        };
        let jobs = [noticed(1), unnoticed, noticed(3)];
        assert_eq!(drained(jobs, || true).await, [1, 3]);
    }

    #[actix_web::test]
    async fn nothing_more_is_begun_on_a_connection_that_has_to_end() {
        let ends = Cell::new(false);
        let jobs = [noticed(1), noticed(2), noticed(3)];
        assert_eq!(drained(jobs, || !ends.replace(true)).await, [1]);
    }

    #[actix_web::test]
    async fn what_takes_too_long_goes_on_by_itself() {
        let (go_on, told) = oneshot::channel::<()>();
        let (told, sends) = (Cell::new(Some(told)), Sends::default());
        let mut work = Work::new();
        work.take_on(noticed(1));
        work.start_next(&sends, |_| Some(tasks::spawn(told.take()?.map(drop))));
        work.last_word(&sends, Duration::ZERO).await;
        go_on.send(()).unwrap();
        work.finish(&sends).await;
        assert!(work.running.is_none());
    }

    #[test]
    fn there_is_no_job_for_no_items() {
        let mut work = Work::new();
        for (items, jobs) in [(Vec::new(), 0), (vec![7, 8], 1)] {
            work.take_on_if_any(items, |items| noticed(items.len()));
            assert_eq!(work.waiting.len(), jobs);
        }
    }
}
