//! The queue of a connection, and what happens when it is full.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use bytes::Bytes;
use domain::{RoomId, UserId};

use super::stage::{frame, room, user};
use crate::queue::{Bounds, MOST_RECEIPTS, Queue};
use crate::turns::Turns;

/// A reader that counts how often it was woken.
#[derive(Default)]
struct Reader(AtomicUsize);

impl Wake for Reader {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Reader {
    fn woken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

fn queue(bytes: usize, frames: usize) -> Queue {
    Queue::new(Bounds { bytes, frames }, Rc::default())
}

fn push(queue: &mut Queue, bytes: usize, frames: usize) -> bool {
    queue.push(Bytes::from(vec![b'x'; bytes]), frames, Instant::now())
}

fn whisper(queue: &mut Queue, text: &str) {
    queue.whisper(frame(text), Instant::now());
}

fn receipt(queue: &mut Queue, of: u128, text: &str) {
    queue.receipt(by(of), frame(text), Instant::now());
}

fn by(number: u128) -> (RoomId, UserId) {
    (room(1), user(number))
}

fn poll(queue: &mut Queue) -> Poll<Option<Bytes>> {
    queue.poll(&Context::from_waker(Waker::noop()))
}

/// The next piece, as text.
fn next(queue: &mut Queue) -> Option<String> {
    match poll(queue) {
        Poll::Ready(Some(bytes)) => Some(String::from_utf8(bytes.to_vec()).unwrap()),
        Poll::Ready(None) | Poll::Pending => None,
    }
}

/// All that waits but for what was only put there to fill the queue.
fn rest(queue: &mut Queue) -> Vec<String> {
    let pieces = std::iter::from_fn(|| next(queue));
    pieces.filter(|text| !text.starts_with('x')).collect()
}

#[test]
fn frames_leave_in_the_order_in_which_they_came() {
    let mut queue = queue(100, 10);
    assert_eq!(poll(&mut queue), Poll::Pending);
    assert!(queue.push(frame("one"), 1, Instant::now()));
    assert!(queue.insist(frame("two"), 1));
    whisper(&mut queue, "three");
    receipt(&mut queue, 1, "four");
    assert_eq!(rest(&mut queue), ["one", "two", "three", "four"]);
    assert_eq!(poll(&mut queue), Poll::Pending);
}

#[test]
fn no_more_frames_wait_than_the_bound() {
    let mut queue = queue(100, 3);
    assert!(push(&mut queue, 1, 2));
    assert!(!push(&mut queue, 1, 2));
    assert!(push(&mut queue, 1, 1));
    assert!(!push(&mut queue, 1, 1));
    next(&mut queue);
    assert!(push(&mut queue, 1, 2));
}

#[test]
fn no_more_bytes_wait_than_the_bound() {
    let mut queue = queue(10, 100);
    assert!(push(&mut queue, 6, 1));
    assert!(!push(&mut queue, 5, 1));
    assert!(push(&mut queue, 4, 1));
    assert!(!push(&mut queue, 1, 1));
    next(&mut queue);
    assert!(push(&mut queue, 6, 1));
}

#[test]
fn answers_have_place_up_to_twice_the_bound() {
    let mut queue = queue(1000, 2);
    assert!(push(&mut queue, 1, 2));
    for _ in 0..3 {
        assert!(queue.insist(frame("answer"), 1));
    }
    assert!(!queue.insist(frame("answer"), 1));
    next(&mut queue);
    assert!(queue.insist(frame("answer"), 1));

    let mut queue = self::queue(10, 1000);
    assert!(queue.insist(Bytes::from(vec![b'x'; 10]), 1));
    assert!(queue.insist(Bytes::from(vec![b'x'; 10]), 1));
    assert!(queue.insist(frame("x"), 1));
    assert!(!queue.insist(frame("x"), 1));
}

#[test]
fn an_answer_has_place_behind_a_frame_larger_than_the_queue() {
    let mut queue = queue(10, 1000);
    assert!(queue.insist(Bytes::from(vec![b'x'; 1000]), 1));
    assert!(!push(&mut queue, 1, 1));
    assert!(queue.insist(frame("answer"), 1));
    assert_eq!(rest(&mut queue), ["answer"]);
    assert!(push(&mut queue, 10, 1), "nothing is left over");
}

#[test]
fn a_portion_leaves_half_of_a_drained_queue_empty() {
    let mut queue = queue(100, 8);
    let portion = queue.portion();
    for _ in 0..2 {
        assert!(queue.is_drained());
        assert!(push(&mut queue, portion.bytes, portion.frames));
    }
    assert!(!queue.is_drained());
    assert!(push(&mut queue, 50, 4));
}

#[test]
fn whispers_are_dropped_from_half_full_on() {
    let mut queue = queue(100, 4);
    assert!(push(&mut queue, 1, 2));
    whisper(&mut queue, "in time");
    whisper(&mut queue, "too late");
    assert_eq!(rest(&mut queue), ["in time"]);
    assert!(push(&mut queue, 51, 1));
    whisper(&mut queue, "too late");
    assert_eq!(rest(&mut queue), Vec::<String>::new());
}

#[test]
fn receipts_of_a_room_that_was_left_are_forgotten() {
    let mut queue = queue(100, 4);
    assert!(push(&mut queue, 1, 3));
    receipt(&mut queue, 1, "1:a");
    queue.receipt((room(2), user(1)), frame("2:a"), Instant::now());
    queue.forget_receipts(room(1));
    assert_eq!(rest(&mut queue), ["2:a"]);
}

#[test]
fn receipts_wait_from_half_full_on_the_latest_of_each_person() {
    let mut queue = queue(100, 8);
    assert!(push(&mut queue, 1, 4));
    assert!(push(&mut queue, 1, 4));
    receipt(&mut queue, 1, "1:a");
    receipt(&mut queue, 2, "2:a");
    receipt(&mut queue, 1, "1:b");
    next(&mut queue);
    let mut told = rest(&mut queue);
    told.sort_unstable();
    assert_eq!(told, ["1:b", "2:a"]);
}

#[test]
fn receipts_that_waited_keep_the_bound() {
    let mut queue = queue(10_000, 8);
    assert!(push(&mut queue, 1, 8));
    for number in 0..20 {
        receipt(&mut queue, number, &format!("r{number}"));
    }
    next(&mut queue);
    // Half of the queue and one more are told; then the others wait again.
    assert!(!push(&mut queue, 1, 4));
    assert!(push(&mut queue, 1, 3));
    assert_eq!(rest(&mut queue).len(), 20);
}

#[test]
fn of_so_many_people_receipts_wait() {
    let mut queue = queue(1 << 20, 2000);
    assert!(push(&mut queue, 1, 2000));
    for number in 0..MOST_RECEIPTS + 10 {
        receipt(&mut queue, u128::try_from(number).unwrap(), "early");
    }
    // Those already held back are kept up to date.
    receipt(&mut queue, 0, "late");
    let told = rest(&mut queue);
    assert_eq!(told.len(), MOST_RECEIPTS);
    assert_eq!(told.iter().filter(|text| *text == "late").count(), 1);
}

#[test]
fn nothing_comes_after_the_end() {
    let mut queue = queue(100, 4);
    assert!(push(&mut queue, 1, 4));
    receipt(&mut queue, 1, "receipt");
    assert!(queue.insist(frame("bye"), 1));
    queue.end();
    assert!(queue.insist(frame("too late"), 1));
    whisper(&mut queue, "too late");
    receipt(&mut queue, 1, "too late");
    assert_eq!(rest(&mut queue), ["bye"]);
    assert_eq!(poll(&mut queue), Poll::Ready(None));
    assert_eq!(poll(&mut queue), Poll::Ready(None));
}

#[test]
fn what_is_thrown_away_leaves_place() {
    let mut queue = queue(10, 2);
    assert!(push(&mut queue, 10, 2));
    receipt(&mut queue, 1, "receipt");
    queue.clear();
    assert_eq!(queue.waiting_since(), None);
    assert!(queue.is_drained());
    assert_eq!(poll(&mut queue), Poll::Pending);
    assert!(push(&mut queue, 10, 2));
}

#[test]
fn a_quarter_full_is_drained() {
    let mut queue = queue(100, 8);
    assert!(queue.is_drained());
    for _ in 0..3 {
        assert!(push(&mut queue, 1, 1));
    }
    assert!(!queue.is_drained());
    next(&mut queue);
    assert!(queue.is_drained());
    assert!(push(&mut queue, 30, 1));
    assert!(!queue.is_drained());
}

#[test]
fn it_is_known_since_when_nothing_is_taken() {
    let mut queue = queue(100, 8);
    let (first, later) = (Instant::now(), Instant::now());
    assert_eq!(queue.waiting_since(), None);
    assert!(queue.push(frame("one"), 1, first));
    assert!(queue.push(frame("two"), 1, later));
    assert_eq!(queue.waiting_since(), Some(first));
    next(&mut queue);
    assert!(queue.waiting_since() > Some(later));
    next(&mut queue);
    assert_eq!(queue.waiting_since(), None);
}

#[test]
fn the_reader_is_woken_once_for_all_that_waits() {
    let (turns, reader) = (Rc::<Turns>::default(), Arc::new(Reader::default()));
    let mut queue = Queue::new(Bounds::default(), Rc::clone(&turns));
    let waker = Waker::from(Arc::clone(&reader));
    let cx = Context::from_waker(&waker);
    assert!(push(&mut queue, 1, 1));
    assert!(queue.poll(&cx).is_ready());
    assert!(queue.poll(&cx).is_pending());
    turns.call(1);
    turns.finish();
    assert_eq!(reader.woken(), 0);
    assert!(push(&mut queue, 1, 1));
    whisper(&mut queue, "x");
    assert_eq!(
        reader.woken(),
        0,
        "what others are told as well waits for its turn"
    );
    turns.call(2);
    assert_eq!(reader.woken(), 1);
    // Read to its end, it has to be told again.
    assert!(queue.poll(&cx).is_ready());
    assert!(queue.poll(&cx).is_ready());
    assert!(queue.poll(&cx).is_pending());
    assert!(push(&mut queue, 1, 1));
    assert!(queue.insist(frame("x"), 1));
    assert_eq!(reader.woken(), 2, "an answer does not");
    assert!(queue.poll(&cx).is_ready());
    assert!(queue.poll(&cx).is_ready());
    assert!(queue.poll(&cx).is_pending());
    queue.end();
    assert_eq!(reader.woken(), 3);
}

#[test]
fn the_last_who_asked_is_woken() {
    let turns = Rc::<Turns>::default();
    let mut queue = Queue::new(Bounds::default(), Rc::clone(&turns));
    let readers = [(); 2].map(|()| Arc::new(Reader::default()));
    for reader in &readers {
        let waker = Waker::from(Arc::clone(reader));
        assert!(queue.poll(&Context::from_waker(&waker)).is_pending());
    }
    assert!(push(&mut queue, 1, 1));
    turns.call(2);
    assert_eq!(readers.map(|reader| reader.woken()), [0, 1]);
}

#[test]
fn a_burst_gives_its_memory_back() {
    let mut queue = queue(1 << 20, 2000);
    for _ in 0..1000 {
        assert!(push(&mut queue, 1, 1));
    }
    assert!(queue.places() >= 1000);
    while next(&mut queue).is_some() {}
    assert_eq!(queue.places(), 0);
    // A little is kept for the next frame.
    assert!(push(&mut queue, 1, 1));
    next(&mut queue);
    assert!(queue.places() > 0);
}
