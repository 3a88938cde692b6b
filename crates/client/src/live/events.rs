//! The queue between a connection and the program that takes its events.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures::Stream;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::DropGuard;

use super::event::Weight;
use super::{Event, Standing};

/// Events, in order. The stream ends when the connection is closed for good.
///
/// A program that takes events too slowly loses nothing that matters: see
/// [`Options::waiting`](crate::Options). A program that does not want any drops this.
#[derive(Debug)]
pub struct Events {
    queue: mpsc::Receiver<Event>,
    room: Arc<Room>,
    standing: Standing,
    /// Ends the connection when its last handle is dropped.
    _open: Arc<DropGuard>,
}

/// The sending side of the queue.
#[derive(Debug)]
pub(super) struct Teller {
    queue: mpsc::Sender<Event>,
    room: Arc<Room>,
    /// Unique events that found the queue full. The connection ends then, so that no more follow.
    left: VecDeque<Event>,
}

/// Tells the connection when there is capacity again.
#[derive(Debug, Default)]
pub(super) struct Room {
    wanted: AtomicBool,
    made: Notify,
}

pub(super) fn queue(waiting: usize, from: Standing, open: Arc<DropGuard>) -> (Teller, Events) {
    // Thresholds are quarters of the capacity, so it must not be too small.
    let (sender, receiver) = mpsc::channel(waiting.max(8));
    let room = Arc::new(Room::default());
    let teller = Teller {
        queue: sender,
        room: Arc::clone(&room),
        left: VecDeque::new(),
    };
    let events = Events {
        queue: receiver,
        room,
        standing: from,
        _open: open,
    };
    (teller, events)
}

impl Events {
    /// The next event; `None` when the connection is closed for good.
    pub async fn next(&mut self) -> Option<Event> {
        let event = self.queue.recv().await;
        self.taken(event)
    }

    /// Where the program stands after the last event that it took. Store this once that event has
    /// been handled: resuming from an older standing delivers events again, but resuming from one
    /// that was stored before its event was handled skips that event.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others have a place or none"
    )]
    fn taken(&mut self, event: Option<Event>) -> Option<Event> {
        if self.queue.len() <= self.queue.max_capacity() / 4 {
            self.room.is_there();
        }
        let event = event?;
        let revs = &mut self.standing.revs;
        match &event {
            Event::Connected { epoch, .. } => {
                if self
                    .standing
                    .epoch
                    .as_ref()
                    .is_some_and(|stood| stood != epoch)
                {
                    revs.clear();
                }
                self.standing.epoch = Some(epoch.clone());
            }
            Event::Resumed { room, stand } => drop(revs.insert(*room, stand.rev)),
            Event::Reset { room, rev, .. } => drop(revs.insert(*room, *rev)),
            Event::Lost { room, .. } => drop(revs.remove(room)),
            event => revs.extend(event.place()),
        }
        Some(event)
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let polled = self.queue.poll_recv(context);
        polled.map(|event| self.taken(event))
    }
}

impl Room {
    /// Waits until enough events were taken, after [`Teller::wants_room`] has asked for that.
    pub(super) async fn made(&self) {
        self.made.notified().await;
    }

    fn is_there(&self) {
        if self.wanted.swap(false, Ordering::AcqRel) {
            self.made.notify_one();
        }
    }
}

impl Teller {
    pub(super) fn room(&self) -> Arc<Room> {
        Arc::clone(&self.room)
    }

    /// Whether there is capacity for events that the server can replay.
    pub(super) fn has_room(&self) -> bool {
        self.queue.is_closed() || self.queue.capacity() > self.queue.max_capacity() / 4
    }

    /// Asks to be notified when there is capacity. There may be already.
    pub(super) fn wants_room(&self) {
        self.room.wanted.store(true, Ordering::Release);
        if self.queue.max_capacity() - self.queue.capacity() <= self.queue.max_capacity() / 4 {
            self.room.is_there();
        }
    }

    pub(super) fn tell(&mut self, event: Event) {
        let half = self.queue.max_capacity() / 2;
        if event.weight() == Weight::Fleeting && self.queue.capacity() <= half {
            return;
        }
        if self.overran() {
            return self.left.push_back(event);
        }
        match self.queue.try_send(event) {
            // The program takes no events, but may still send.
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
            Err(mpsc::error::TrySendError::Full(event)) => self.left.push_back(event),
        }
    }

    /// Whether the queue overflowed.
    pub(super) fn overran(&self) -> bool {
        !self.left.is_empty()
    }

    /// Queues the overflow and then this event, waiting for capacity as long as it takes.
    pub(super) async fn insist(&mut self, event: Event) {
        self.left.push_back(event);
        while let Some(event) = self.left.pop_front() {
            // If the receiver was dropped, there is nothing to wait for.
            drop(self.queue.send(event).await);
        }
    }
}
