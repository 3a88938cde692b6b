//! Which connection may write next.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Waker;

use tokio::sync::Notify;

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

/// Writers that have something to write, woken in turns. Otherwise an event in a room of thousands would
/// have every connection write before the worker reads or answers anything else. Besides, a writer that
/// waits longer writes more at once.
#[derive(Default)]
pub(crate) struct Turns {
    /// Each writer at most once.
    waiting: RefCell<VecDeque<Rc<Writer>>>,
    begun: Notify,
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
            self.begun.notify_one();
        }
    }

    /// Wakes the next writers, at most `most` of them.
    pub(crate) fn call(&self, most: usize) {
        let mut called = 0;
        while called < most {
            // A woken writer may queue again at once.
            let next = self.waiting.borrow_mut().pop_front();
            let Some(writer) = next else {
                return;
            };
            writer.waits.set(false);
            called += usize::from(writer.wake());
        }
    }

    /// Waits until a writer is queued.
    pub(crate) async fn wanted(&self) {
        while self.waiting.borrow().is_empty() {
            self.begun.notified().await;
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
