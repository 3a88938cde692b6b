//! A few threads for work that is slow on purpose.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// Why work was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Undone {
    /// As much work as may wait is already waiting.
    #[error("the queue is full")]
    Full,
    /// The work panicked.
    #[error("the work was aborted")]
    BrokenOff,
}

/// Threads that share a bounded queue, and end when the pool is dropped.
pub(super) struct Pool {
    jobs: SyncSender<Job>,
}

impl Pool {
    /// Starts the threads, with a queue of this capacity.
    pub(super) fn start(name: &str, threads: usize, queue: usize) -> io::Result<Self> {
        // A queue without capacity would only accept work while a thread happens to be waiting.
        let (jobs, waiting) = sync_channel(queue.max(1));
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads.max(1) {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || work(&waiting))?;
        }
        Ok(Self { jobs })
    }

    /// Runs work on one of the threads. Work whose caller has gone is not started.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Undone> {
        let (done, answer) = oneshot::channel();
        let job = Box::new(move || {
            if !done.is_closed() {
                // Fails only if the caller has gone in the meantime.
                drop(done.send(work()));
            }
        });
        match self.jobs.try_send(job) {
            Ok(()) => answer.await.map_err(|_unanswered| Undone::BrokenOff),
            Err(TrySendError::Full(_)) => Err(Undone::Full),
            // The threads live as long as the queue, and this is its sending end.
            Err(TrySendError::Disconnected(_)) => Err(Undone::BrokenOff),
        }
    }
}

/// Works until the queue is closed and empty.
fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        // One thread waits for work, the others for the lock.
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(job) = next else { return };
        // A panic must not kill the thread: the pool would shrink unnoticed. The caller notices,
        // because the answer never comes.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

/// Occupies the only thread of a pool until the returned guard is dropped.
#[cfg(test)]
pub(super) fn occupy(pool: &Pool) -> impl Sized + use<> {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (begun, begins) = std::sync::mpsc::channel();
    let job: Job = Box::new(move || {
        begun.send(()).unwrap();
        held.recv().unwrap_err();
    });
    pool.jobs.send(job).unwrap();
    begins.recv().unwrap();
    release
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_full_queue_refuses_and_recovers() {
        let pool = Pool::start("test", 1, 2).unwrap();
        let release = occupy(&pool);
        // Polled in this order, so that the first two fill the queue.
        let answers = tokio::join!(pool.run(|| 1), pool.run(|| 2), async {
            let refused = pool.run(|| 3).await;
            drop(release);
            refused
        });
        assert_eq!(answers, (Ok(1), Ok(2), Err(Undone::Full)));
        assert_eq!(pool.run(|| 4).await, Ok(4));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_not_begun() {
        let pool = Pool::start("test", 1, 4).unwrap();
        let release = occupy(&pool);
        let begun = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&begun);
        let abandoned = pool.run(move || count.fetch_add(1, Ordering::SeqCst));
        // Polled once, which queues the work, and then dropped.
        assert!(timeout(Duration::ZERO, abandoned).await.is_err());
        drop(release);
        // A single thread preserves the order, so this answer comes after the abandoned work's turn.
        assert_eq!(pool.run(|| 1).await, Ok(1));
        assert_eq!(begun.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn broken_work_does_not_take_its_thread_along() {
        let pool = Pool::start("test", 1, 4).unwrap();
        let broken = pool.run(|| panic!("broken on purpose")).await;
        assert_eq!(broken, Err::<(), _>(Undone::BrokenOff));
        assert_eq!(pool.run(|| 1).await, Ok(1));
    }

    thread_local!(static HELD: RefCell<Option<Arc<()>>> = const { RefCell::new(None) });

    /// Work that waits until all threads are busy, and then holds a thing until its thread ends.
    fn hold(thing: &Arc<()>, all: &Arc<Barrier>) -> impl FnOnce() + Send + use<> {
        let (thing, all) = (Arc::clone(thing), Arc::clone(all));
        move || {
            all.wait();
            HELD.set(Some(thing));
        }
    }

    #[tokio::test]
    async fn the_threads_end_with_the_pool() {
        let pool = Pool::start("test", 3, 4).unwrap();
        let (thing, all) = (Arc::new(()), Arc::new(Barrier::new(3)));
        let answers = tokio::join!(
            pool.run(hold(&thing, &all)),
            pool.run(hold(&thing, &all)),
            pool.run(hold(&thing, &all)),
        );
        assert_eq!(answers, (Ok(()), Ok(()), Ok(())));
        assert_eq!(Arc::strong_count(&thing), 4);

        drop(pool);
        let deadline = Instant::now() + Duration::from_secs(30);
        while Arc::strong_count(&thing) > 1 {
            assert!(Instant::now() < deadline, "threads are left");
            thread::yield_now();
        }
    }
}
