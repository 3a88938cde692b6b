//! What is done for one client, one thing after another.

use std::collections::VecDeque;
use std::future::pending;

use actix_web::rt::task::JoinHandle;

use super::sends::Sends;

/// How many jobs may wait behind the one that is being carried out. Then nothing more is read.
const MOST: usize = 64;

/// A thing to do.
pub(crate) trait Job {
    /// Whether it posts a message. Several of those are on their way together, in order.
    fn is_send(&self) -> bool;

    /// Whether others notice it, so that it is done though its client has left.
    fn is_noticed(&self) -> bool;
}

/// What is done for one client: messages one behind the other, and everything else by itself. All of it
/// runs apart from the task that owns the socket, so that it is carried out to its end even if the client
/// leaves.
pub(crate) struct Work<J> {
    waiting: VecDeque<J>,
    running: Option<JoinHandle<()>>,
}

impl<J: Job> Work<J> {
    pub(crate) const fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            running: None,
        }
    }

    /// Whether more may be taken on.
    pub(crate) fn has_place(&self) -> bool {
        self.waiting.len() < MOST
    }

    pub(crate) fn take_on(&mut self, job: J) {
        self.waiting.push_back(job);
    }

    /// Begins what may begin. What posts a message answers nothing to wait for: it is among the sends.
    pub(crate) fn start_next(
        &mut self,
        sends: &Sends,
        start: impl Fn(J) -> Option<JoinHandle<()>>,
    ) {
        while self.running.is_none()
            && let Some(job) = self.waiting.pop_front()
        {
            let may_begin = if job.is_send() {
                sends.have_place()
            } else {
                sends.are_done()
            };
            if !may_begin {
                return self.waiting.push_front(job);
            }
            self.running = start(job);
        }
    }

    /// Waits until what runs now is done; for ever if nothing does.
    pub(crate) async fn done(&mut self) {
        match &mut self.running {
            Some(work) => {
                if let Err(broken) = work.await {
                    tracing::error!(error = %broken, "a command broke down");
                    metrics::counter!("tertulia_socket_breakdowns_total").increment(1);
                }
                self.running = None;
            }
            None => pending().await,
        }
    }

    /// Does what a client asked for that has left, as far as others notice it and as long as it may.
    pub(crate) async fn drain(
        &mut self,
        sends: &Sends,
        may_go_on: impl Fn() -> bool,
        start: impl Fn(J) -> Option<JoinHandle<()>>,
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

    /// Waits until nothing is being done any more. What waits is not begun.
    pub(crate) async fn finish(&mut self, sends: &Sends) {
        sends.done().await;
        if self.running.is_some() {
            self.done().await;
        }
    }
}
