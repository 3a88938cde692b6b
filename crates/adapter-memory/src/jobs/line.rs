//! One queue.

use std::collections::{BTreeMap, VecDeque};

use domain::Event;
use domain::port::jobs::{Delivery, Verdict};
use tokio::time::Instant;

use super::shared::JobSettings;

/// An event on its way.
#[derive(Clone, Copy)]
pub(super) struct Job {
    pub(super) event: Event,
    pub(super) attempt: u32,
}

/// The events of one queue: those that can be taken, those that wait for their next try, those that
/// a consumer holds, and the dead.
#[derive(Default)]
pub(super) struct Line {
    ready: VecDeque<Job>,
    /// By when they are due, and a number that keeps them apart.
    waiting: BTreeMap<(Instant, u64), Job>,
    /// By tag, with who holds them.
    held: BTreeMap<u64, (u64, Job)>,
    dead: VecDeque<Event>,
    tags: u64,
}

impl Line {
    /// How many events are not done with yet.
    pub(super) fn len(&self) -> usize {
        self.ready.len() + self.waiting.len() + self.held.len()
    }

    pub(super) fn push(&mut self, event: Event) {
        self.ready.push_back(Job { event, attempt: 1 });
    }

    /// Hands out the next event.
    pub(super) fn take(&mut self, consumer: u64, now: Instant) -> Option<Delivery> {
        while let Some(due) = self.waiting.first_entry()
            && due.key().0 <= now
        {
            self.ready.push_back(due.remove());
        }
        let job = self.ready.pop_front()?;
        self.tags += 1;
        self.held.insert(self.tags, (consumer, job));
        Some(Delivery {
            event: job.event,
            attempt: job.attempt,
            tag: self.tags,
        })
    }

    /// When the next waiting event is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.waiting.keys().next().map(|(due, _)| *due)
    }

    /// Carries out a verdict. A tag that nobody holds was given back meanwhile, and comes again.
    pub(super) fn settle(&mut self, tag: u64, verdict: Verdict, settings: JobSettings) {
        let Some((_, job)) = self.held.remove(&tag) else {
            return;
        };
        match verdict {
            Verdict::Done => {}
            Verdict::Retry if job.attempt < settings.tries => {
                let due = Instant::now() + settings.delay;
                let attempt = job.attempt + 1;
                self.waiting.insert((due, tag), Job { attempt, ..job });
            }
            Verdict::Retry | Verdict::Dead => self.bury(job.event, settings.capacity),
        }
    }

    /// Gives back what a consumer holds, in the order in which it was taken.
    pub(super) fn give_back(&mut self, consumer: u64) {
        let mut left = self
            .held
            .extract_if(.., |_, (holder, _)| *holder == consumer)
            .map(|(_, (_, job))| job)
            .collect::<Vec<_>>();
        while let Some(job) = left.pop() {
            self.ready.push_front(job);
        }
    }

    /// The oldest dead events.
    pub(super) fn dead(&self, limit: usize) -> Vec<Event> {
        self.dead.iter().take(limit).copied().collect()
    }

    fn bury(&mut self, event: Event, most: usize) {
        self.dead.push_back(event);
        if self.dead.len() > most
            && let Some(oldest) = self.dead.pop_front()
        {
            tracing::warn!(event = %oldest.id, "too many dead letters, the oldest was dropped");
        }
    }
}
