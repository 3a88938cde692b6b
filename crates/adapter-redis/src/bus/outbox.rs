//! The queue of notices to other nodes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// The limit on queued letters, in bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A letter and its channel.
pub(super) struct Post {
    pub(super) channel: String,
    pub(super) letter: Vec<u8>,
    /// Its share of the limit on bytes.
    _weight: OwnedSemaphorePermit,
}

/// A queue that never blocks: what does not fit is dropped, and counted.
pub(super) struct Outbox {
    posts: mpsc::Sender<Post>,
    bytes: Arc<Semaphore>,
    lost: Arc<Lost>,
}

/// Notices that were dropped, and of which other nodes have not been told yet.
#[derive(Default)]
pub(super) struct Lost {
    count: AtomicU64,
}

impl Outbox {
    /// A queue for this many letters, and its receiving end.
    pub(super) fn new(waiting: usize) -> (Self, mpsc::Receiver<Post>, Arc<Lost>) {
        let (posts, queue) = mpsc::channel(waiting.clamp(1, 1 << 20));
        let lost = Arc::<Lost>::default();
        let outbox = Self {
            posts,
            bytes: Arc::new(Semaphore::new(MOST_BYTES)),
            lost: Arc::clone(&lost),
        };
        (outbox, queue, lost)
    }

    pub(super) fn post(&self, channel: String, letter: Vec<u8>) {
        if self.try_post(channel, letter).is_none() {
            self.lost.add(1);
        }
    }

    fn try_post(&self, channel: String, letter: Vec<u8>) -> Option<()> {
        let weight = u32::try_from(letter.len()).ok()?;
        let weight = Arc::clone(&self.bytes)
            .try_acquire_many_owned(weight)
            .ok()?;
        let post = Post {
            channel,
            letter,
            _weight: weight,
        };
        self.posts.try_send(post).ok()
    }
}

impl Lost {
    /// Counts dropped notices.
    pub(super) fn add(&self, count: u64) {
        metrics::counter!("tertulia_bus_notices_lost_total").increment(count);
        self.put_back(count);
    }

    /// Restores the count after it could not be announced.
    pub(super) fn put_back(&self, count: u64) {
        self.count.fetch_add(count, Ordering::Relaxed);
    }

    /// Takes the count, in order to announce the loss.
    pub(super) fn take(&self) -> u64 {
        self.count.swap(0, Ordering::Relaxed)
    }

    pub(super) fn any(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_lost_and_counted() {
        let (outbox, mut queue, lost) = Outbox::new(2);
        for number in 0..5 {
            outbox.post(format!("channel {number}"), vec![0; 10]);
        }
        assert_eq!(lost.take(), 3);
        assert!(!lost.any());
        assert_eq!(
            queue.try_recv().map(|post| post.channel).ok().as_deref(),
            Some("channel 0")
        );
        outbox.post("channel 5".to_owned(), vec![0; 10]);
        assert!(!lost.any());
    }

    #[test]
    fn bytes_are_bounded_as_well() {
        let (outbox, mut queue, lost) = Outbox::new(1000);
        for _ in 0..100 {
            outbox.post("channel".to_owned(), vec![0; MOST_BYTES / 50]);
        }
        assert_eq!(lost.take(), 50);
        drop(queue.try_recv());
        outbox.post("channel".to_owned(), vec![0; MOST_BYTES / 50]);
        assert!(!lost.any());
    }
}
