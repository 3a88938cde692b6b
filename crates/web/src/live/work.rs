//! A client's jobs, run one after another.

use std::collections::VecDeque;
use std::future::pending;

use super::sends::Sends;
use crate::tasks::{Panicked, Task};

/// How many jobs may wait behind the running one. Beyond that, nothing more is read.
const MOST: usize = 64;

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

    /// Completes the queued jobs of a client that has left, if others notice them and while `may_go_on`.
    pub(crate) async fn drain(
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
    pub(crate) async fn finish(&mut self, sends: &Sends) {
        sends.done().await;
        if self.running.is_some() {
            self.done().await;
        }
    }
}
