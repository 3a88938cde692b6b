//! Which connection may write next.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// Wakes the task that writes the queue of a connection.
#[derive(Default)]
pub(crate) struct Writer {
    /// Set while the task has nothing to write.
    waker: RefCell<Option<Waker>>,
    /// Whether it queues for its turn.
    waits: Cell<bool>,
}

impl Writer {
    /// The task has nothing to write, and is to be woken when it has.
    pub(crate) fn sleep(&self, waker: &Waker) {
        let mut known = self.waker.borrow_mut();
        if !known.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *known = Some(waker.clone());
        }
    }

    /// Returns whether it slept.
    pub(crate) fn wake(&self) -> bool {
        let waker = self.waker.take();
        let slept = waker.is_some();
        if let Some(waker) = waker {
            waker.wake();
        }
        slept
    }

    fn is_asleep(&self) -> bool {
        self.waker.borrow().is_some()
    }
}

/// A round that takes at least this long is followed by a rest as long as the round.
const LONG: Duration = Duration::from_millis(4);
/// No rest is longer.
const LONGEST_REST: Duration = Duration::from_millis(10);

/// Writers that have something to write, woken in turns. Otherwise an event in a room of thousands would
/// have every connection write before the worker reads or answers anything else.
///
/// They write in rounds: a writer that gets something to write during a round, or in the rest that follows
/// a long one, waits for the next round, and then writes everything at once. A write costs about the same
/// whatever it carries, so a worker that is busy delivers more for it.
#[derive(Default)]
pub(crate) struct Turns {
    /// Those that have yet to write in this round.
    round: RefCell<VecDeque<Rc<Writer>>>,
    /// Those that write in the next one, each at most once.
    waiting: RefCell<VecDeque<Rc<Writer>>>,
    /// Since when this round has been going on.
    begun: Cell<Option<Instant>>,
    /// The next round begins no earlier.
    rest: Cell<Option<Instant>>,
    queued: Notify,
}

impl Turns {
    /// Wakes a writer when its turn comes. It may be woken by something else before.
    pub(crate) fn wait(&self, writer: &Rc<Writer>) {
        if !writer.is_asleep() || writer.waits.replace(true) {
            return;
        }
        let mut waiting = self.waiting.borrow_mut();
        waiting.push_back(Rc::clone(writer));
        if waiting.len() == 1 {
            self.queued.notify_one();
        }
    }

    /// Wakes the next writers of the round, at most `most` of them. Without a round, begins one.
    pub(crate) fn call(&self, most: usize) {
        if self.begun.get().is_none() {
            self.begin();
        }
        let mut called = 0;
        while called < most {
            let next = self.round.borrow_mut().pop_front();
            let Some(writer) = next else {
                return;
            };
            writer.waits.set(false);
            called += usize::from(writer.wake());
        }
    }

    fn begin(&self) {
        let now = Instant::now();
        if self.waiting.borrow().is_empty() || self.rest.get().is_some_and(|rest| now < rest) {
            return;
        }
        self.round.swap(&self.waiting);
        self.begun.set(Some(now));
        self.rest.set(None);
    }

    /// Those that were called have written. If they were the last, the round is over.
    pub(crate) fn finish(&self) {
        if !self.round.borrow().is_empty() {
            return;
        }
        let Some(begun) = self.begun.take() else {
            return;
        };
        let now = Instant::now();
        let took = now.duration_since(begun);
        if took >= LONG {
            self.rest.set(Some(now + took.min(LONGEST_REST)));
        }
    }

    /// Waits until it is a writer's turn.
    pub(crate) async fn wanted(&self) {
        while self.round.borrow().is_empty() {
            if self.waiting.borrow().is_empty() {
                self.queued.notified().await;
            } else {
                return self.rested().await;
            }
        }
    }

    async fn rested(&self) {
        if let Some(rest) = self.rest.get() {
            sleep_until(rest).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use futures::FutureExt as _;

    use super::*;

    #[derive(Default)]
    struct Called(AtomicUsize);

    impl Wake for Called {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A sleeping writer, and a count of its wake-ups.
    fn sleeper() -> (Rc<Writer>, Arc<Called>) {
        let (writer, called) = (Rc::<Writer>::default(), Arc::<Called>::default());
        writer.sleep(&Arc::clone(&called).into());
        (writer, called)
    }

    fn times(called: &Called) -> usize {
        called.0.load(Ordering::Relaxed)
    }

    #[test]
    fn so_many_are_called_at_a_time_in_order() {
        let turns = Turns::default();
        assert!(turns.wanted().now_or_never().is_none());
        let sleepers = [sleeper(), sleeper(), sleeper()];
        for (writer, _) in &sleepers {
            turns.wait(writer);
        }
        let called = || sleepers.each_ref().map(|(_, called)| times(called));
        assert!(turns.wanted().now_or_never().is_some());
        turns.call(2);
        assert_eq!(called(), [1, 1, 0]);
        assert!(turns.wanted().now_or_never().is_some());
        turns.call(2);
        assert_eq!(called(), [1, 1, 1]);
        assert!(turns.wanted().now_or_never().is_none());
    }

    #[test]
    fn who_is_queued_during_a_round_writes_in_the_next() {
        let turns = Turns::default();
        let [(early, first), (late, second)] = [sleeper(), sleeper()];
        turns.wait(&early);
        turns.wait(&late);
        turns.call(1);
        early.sleep(&Arc::clone(&first).into());
        turns.wait(&early);
        turns.finish();
        turns.call(2);
        assert_eq!((times(&first), times(&second)), (1, 1));
        turns.finish();
        turns.call(2);
        assert_eq!((times(&first), times(&second)), (2, 1));
    }

    /// Runs a round of one writer that takes this long, and queues another one.
    async fn round(turns: &Turns, long: Duration) -> Arc<Called> {
        let ((first, _), (second, called)) = (sleeper(), sleeper());
        turns.wait(&first);
        turns.call(1);
        turns.wait(&second);
        tokio::time::advance(long).await;
        turns.finish();
        turns.call(1);
        called
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_round_is_followed_by_a_rest() {
        for (long, rest) in [(LONG, LONG), (5 * LONGEST_REST, LONGEST_REST)] {
            let turns = Turns::default();
            let called = round(&turns, long).await;
            assert_eq!(times(&called), 0);
            let begun = Instant::now();
            turns.wanted().await;
            assert_eq!(begun.elapsed(), rest);
            turns.call(1);
            assert_eq!(times(&called), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_round_is_followed_by_the_next() {
        let turns = Turns::default();
        let called = round(&turns, LONG / 2).await;
        assert_eq!(times(&called), 1);
        assert!(turns.wanted().now_or_never().is_none());
    }

    #[test]
    fn who_is_woken_meanwhile_has_no_turn_of_its_own() {
        let turns = Turns::default();
        let [(early, first), (late, second)] = [sleeper(), sleeper()];
        turns.wait(&early);
        turns.wait(&late);
        assert!(early.wake());
        // It is queued only once, however often it slept and was given something to write.
        for _ in 0..3 {
            early.sleep(&Arc::clone(&first).into());
            turns.wait(&early);
            assert!(early.wake());
        }
        turns.call(1);
        assert_eq!((times(&first), times(&second)), (4, 1));
        turns.finish();
        assert!(turns.wanted().now_or_never().is_none());
        early.sleep(&Arc::clone(&first).into());
        turns.wait(&early);
        turns.call(1);
        assert_eq!(times(&first), 5);
    }

    #[test]
    fn who_is_awake_does_not_wait() {
        let turns = Turns::default();
        turns.wait(&Rc::default());
        assert!(turns.wanted().now_or_never().is_none());
    }

    #[test]
    fn whoever_waits_for_writers_hears_of_them() {
        let turns = Turns::default();
        let waiting = Arc::new(Called::default());
        let waker = Arc::clone(&waiting).into();
        let mut context = std::task::Context::from_waker(&waker);
        let mut wanted = std::pin::pin!(turns.wanted());
        assert!(wanted.as_mut().poll(&mut context).is_pending());
        turns.wait(&sleeper().0);
        assert_eq!(times(&waiting), 1);
        assert!(wanted.as_mut().poll(&mut context).is_ready());
    }
}
