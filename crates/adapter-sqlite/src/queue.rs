//! A bounded queue of work for the connections, which refuses more when it is full.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::connection::Seat;
use crate::failure::NotBegun;

/// Work on a connection, including its transaction and its reply.
pub(crate) type Job = Box<dyn FnOnce(&mut Seat) + Send>;

/// First in, first out. Several threads may take from it.
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    bound: usize,
}

struct Waiting {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    pub(crate) fn new(bound: usize) -> Self {
        Self {
            waiting: Mutex::new(Waiting {
                jobs: VecDeque::new(),
                closed: false,
            }),
            changed: Condvar::new(),
            bound,
        }
    }

    /// Adds a job, or refuses it at once.
    pub(crate) fn push(&self, job: Job) -> Result<(), NotBegun> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(NotBegun::Closed);
        }
        if waiting.jobs.len() >= self.bound {
            return Err(NotBegun::Full);
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for the next job; `None` once the queue is closed and empty.
    pub(crate) fn next(&self) -> Option<Job> {
        let mut waiting = self.lock();
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            if waiting.closed {
                return None;
            }
            waiting = self
                .changed
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Refuses new jobs. Those that wait are still done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    // Nothing panics while holding the lock, so a poisoned one still guards a sound queue.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        Box::new(|_connection| ())
    }

    #[test]
    fn a_full_queue_refuses() {
        let queue = Queue::new(1);
        assert_eq!(queue.push(job()), Ok(()));
        assert_eq!(queue.push(job()), Err(NotBegun::Full));
    }

    #[test]
    fn a_closed_queue_hands_out_what_waits_and_ends() {
        let queue = Queue::new(2);
        queue.push(job()).unwrap();
        queue.close();
        assert_eq!(queue.push(job()), Err(NotBegun::Closed));
        assert!(queue.next().is_some());
        assert!(queue.next().is_none());
    }
}
