//! Whose turn it is to write.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Waker;

use tokio::sync::Notify;

/// Whoever writes what waits for a connection.
#[derive(Default)]
pub(crate) struct Writer {
    /// Wakes it, once it has nothing to write.
    waker: RefCell<Option<Waker>>,
    /// Whether it waits for its turn.
    waits: Cell<bool>,
}

impl Writer {
    /// It has nothing to write, and is to be woken when it has.
    pub(crate) fn sleep(&self, waker: &Waker) {
        let mut known = self.waker.borrow_mut();
        if !known.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *known = Some(waker.clone());
        }
    }

    /// Answers whether it slept.
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

/// Who has something to write, in turns. A room of thousands would otherwise have each of them write
/// before anybody else on their worker is read or answered; and whoever waits longer writes more at
/// once.
#[derive(Default)]
pub(crate) struct Turns {
    /// Each once.
    waiting: RefCell<VecDeque<Rc<Writer>>>,
    begun: Notify,
}

impl Turns {
    /// Wakes a writer when it is its turn. Until then it may be woken by something else.
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

    /// It is the turn of the next ones, so many.
    pub(crate) fn call(&self, most: usize) {
        let mut called = 0;
        while called < most {
            // Whoever is woken may come back at once.
            let next = self.waiting.borrow_mut().pop_front();
            let Some(writer) = next else {
                return;
            };
            writer.waits.set(false);
            called += usize::from(writer.wake());
        }
    }

    /// Waits until somebody waits.
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

    /// A writer that sleeps, and what hears that it is woken.
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
        // It waits once, however often it slept and was told something.
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
