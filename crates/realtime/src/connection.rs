//! One open connection, as its worker sees it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use domain::{ConnectionId, MessageId, RoomId, Seq, SessionId, UserId};
use tokio::sync::Notify;

use crate::frame::{Dialect, Frame};
use crate::queue::{Bounds, Queue};
use crate::turns::Turns;

/// Whose connection it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The user.
    pub user: UserId,
    /// The session, one per device.
    pub session: SessionId,
}

/// How many of its own messages a connection remembers until they are delivered back to it: more than a
/// client may have in flight.
const MOST_OWN: usize = 512;
/// How many newly joined rooms are kept for a connection until it collects them.
const MOST_NEW: usize = 500;

/// How many deleted rooms a connection remembers having been told of.
const MOST_ENDED: usize = 500;

/// What a connection receives for a message that was posted through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// Nothing: its client knows the message already.
    Passed,
    /// What everyone receives, along with the client's own name for the message.
    Called(Bytes),
}

/// Why a connection has to end, if its own client did not ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its client does not read what is queued for it.
    Slow,
    /// Its session was ended.
    SessionEnded,
    /// The node is stopping, or the store was replaced.
    Restart,
}

/// One open connection: its queue and its seats. It never leaves its worker's thread.
pub struct Connection {
    id: ConnectionId,
    owner: Cell<Owner>,
    queue: RefCell<Queue>,
    dialect: Cell<Option<Dialect>>,
    /// Messages posted through this connection, which it receives in another form than others do.
    own: RefCell<VecDeque<(MessageId, Own)>>,
    /// Rooms that its owner recently joined, if the connection asked to hear of them.
    new_rooms: RefCell<Option<Vec<RoomId>>>,
    /// Deleted rooms that it has been told of, the latest last.
    ended_rooms: RefCell<VecDeque<RoomId>>,
    /// The rooms in which it sits, and its chair in each.
    pub(crate) chairs: RefCell<Vec<(RoomId, usize)>>,
    /// Rooms in which it has fallen behind, not yet collected by [`fallen`](Self::fallen).
    fallen: RefCell<Vec<RoomId>>,
    /// Rooms in which it is behind.
    behind: RefCell<Vec<RoomId>>,
    ending: Cell<Option<Ending>>,
    /// Wakes the task that owns the socket: the connection fell behind, may catch up, or has to end.
    signal: Notify,
    /// Notified when the queue has drained, or will accept nothing more.
    place: Notify,
    /// Whether anything waits for `place`.
    awaited: Cell<bool>,
    /// Whether its worker still has it.
    connected: Cell<bool>,
    /// Whether a message was delivered to it since this was last asked.
    delivered: Cell<bool>,
    /// The number of the last whisper to many rooms that it received.
    pub(crate) whisper: Cell<u64>,
}

impl Connection {
    pub(crate) fn new(
        id: ConnectionId,
        owner: Owner,
        bounds: Bounds,
        turns: Rc<Turns>,
    ) -> Rc<Self> {
        Rc::new(Self {
            id,
            owner: Cell::new(owner),
            queue: RefCell::new(Queue::new(bounds, turns)),
            dialect: Cell::new(Some(Dialect::default())),
            own: RefCell::default(),
            new_rooms: RefCell::new(None),
            ended_rooms: RefCell::default(),
            chairs: RefCell::default(),
            fallen: RefCell::default(),
            behind: RefCell::default(),
            ending: Cell::new(None),
            signal: Notify::new(),
            place: Notify::new(),
            awaited: Cell::new(false),
            connected: Cell::new(true),
            delivered: Cell::new(false),
            whisper: Cell::new(0),
        })
    }

    /// The connection's id.
    pub const fn id(&self) -> ConnectionId {
        self.id
    }

    /// The user and session that it belongs to.
    pub const fn owner(&self) -> Owner {
        self.owner.get()
    }

    pub(crate) fn set_owner(&self, owner: Owner) {
        self.owner.set(owner);
    }

    /// Sets the dialect of frames addressed to its owner, and of the seats it takes from now on. Without
    /// one, the former are not sent.
    pub fn speak(&self, dialect: Option<Dialect>) {
        self.dialect.set(dialect);
    }

    /// The dialect of frames addressed to its owner.
    pub const fn dialect(&self) -> Option<Dialect> {
        self.dialect.get()
    }

    /// Its client is posting this message through it.
    pub fn posts(&self, message: MessageId, own: Own) {
        let mut known = self.own.borrow_mut();
        known.push_back((message, own));
        // Most are taken on delivery; those of rooms it does not listen to are pushed out by newer ones.
        if known.len() > MOST_OWN {
            known.pop_front();
        }
    }

    /// What this connection receives for a message posted through it. Once taken, it is a message like
    /// any other.
    pub fn take_own(&self, message: MessageId) -> Option<Own> {
        let mut known = self.own.borrow_mut();
        let place = known.iter().position(|(other, _)| *other == message)?;
        known.remove(place).map(|(_, own)| own)
    }

    pub(crate) fn has_own(&self) -> bool {
        !self.own.borrow().is_empty()
    }

    /// From now on, [`new_rooms`](Self::new_rooms) collects the rooms that its owner joins.
    pub fn ask_for_new_rooms(&self) {
        self.new_rooms.borrow_mut().get_or_insert_default();
    }

    /// Rooms that its owner joined since the last call.
    pub fn new_rooms(&self) -> Vec<RoomId> {
        let mut rooms = self.new_rooms.borrow_mut();
        rooms.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn come_into(&self, room: RoomId) {
        let mut rooms = self.new_rooms.borrow_mut();
        if let Some(rooms) = rooms.as_mut().filter(|rooms| rooms.len() < MOST_NEW) {
            rooms.push(room);
            self.signal.notify_one();
        }
    }

    /// Records that a room was deleted. Returns whether that is new to this connection.
    pub(crate) fn learn_end_of(&self, room: RoomId) -> bool {
        let mut ended = self.ended_rooms.borrow_mut();
        if ended.contains(&room) {
            return false;
        }
        if ended.len() >= MOST_ENDED {
            ended.pop_front();
        }
        ended.push_back(room);
        true
    }

    /// Queues a frame that would not be sent again, in the connection's own dialect.
    pub(crate) fn enqueue(&self, frame: &Frame) {
        if let Some(dialect) = self.dialect.get() {
            self.send(frame.said(dialect, Seq::MAX));
        }
    }

    /// Queues a frame that would not be sent again, such as a reply.
    pub fn send(&self, frame: Bytes) {
        self.send_all(frame, 1);
    }

    /// Queues several such frames in one piece.
    pub fn send_all(&self, frames: Bytes, count: usize) {
        let taken = self.queue.borrow_mut().insist(frames, count);
        if !taken {
            self.end(Ending::Slow);
        }
    }

    /// Accepts nothing more: the connection closes once its queue has been read.
    pub fn close(&self) {
        self.queue.borrow_mut().end();
        self.call_in();
    }

    /// Discards the queue.
    pub fn give_up(&self) {
        self.queue.borrow_mut().clear();
        self.call_in();
    }

    /// What to write next; `None` once everything is read and nothing more can come.
    pub fn poll(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        let mut queue = self.queue.borrow_mut();
        let next = queue.poll(cx);
        if next.is_ready() && queue.is_drained() {
            self.call_in();
            if !self.behind.borrow().is_empty() {
                self.signal.notify_one();
            }
        }
        next
    }

    /// Since when the front of the queue has been waiting, if anything is queued.
    pub fn waiting_since(&self) -> Option<Instant> {
        self.queue.borrow().waiting_since()
    }

    /// Waits until the queue has drained, or the connection has ended or has to.
    pub async fn has_capacity(&self) {
        while !self.is_idle() {
            self.awaited.set(true);
            self.place.notified().await;
        }
    }

    /// The most to send in one piece after [`has_capacity`](Self::has_capacity), so that what follows still fits.
    pub fn portion(&self) -> Bounds {
        self.queue.borrow().portion()
    }

    fn is_idle(&self) -> bool {
        let queue = self.queue.borrow();
        queue.is_drained() || queue.is_ended() || self.ending.get().is_some()
    }

    /// Wakes those who wait for the queue to drain.
    fn call_in(&self) {
        if self.awaited.take() {
            self.place.notify_waiters();
        }
    }

    /// Whether the queue is so full that no more work should be accepted.
    pub fn is_crowded(&self) -> bool {
        self.queue.borrow().is_half_full()
    }

    /// Waits until there may be something new in [`fallen`](Self::fallen), [`returns`](Self::returns),
    /// [`new_rooms`](Self::new_rooms) or [`ending`](Self::ending).
    pub async fn signalled(&self) {
        self.signal.notified().await;
    }

    /// Rooms in which it has fallen behind since the last call.
    pub fn fallen(&self) -> Vec<RoomId> {
        self.fallen.take()
    }

    /// Rooms in which it was behind and may now catch up.
    pub fn returns(&self) -> Vec<RoomId> {
        if self.queue.borrow().is_drained() && self.fallen.borrow().is_empty() {
            self.behind.take()
        } else {
            Vec::new()
        }
    }

    /// Why it has to end, if it has to.
    pub const fn ending(&self) -> Option<Ending> {
        self.ending.get()
    }

    /// Asks the connection to end, for this reason unless it already has one.
    pub fn end(&self, why: Ending) {
        if self.ending.get().is_none() {
            self.ending.set(Some(why));
            self.signal.notify_one();
            self.call_in();
        }
    }

    pub(crate) fn fall_behind(&self, room: RoomId) {
        metrics::counter!("tertulia_realtime_lagging_total").increment(1);
        self.fallen.borrow_mut().push(room);
        self.behind.borrow_mut().push(room);
        self.signal.notify_one();
    }

    /// Forgets whether it is behind in a room, because it has left or starts over.
    pub(crate) fn forget(&self, room: RoomId) {
        self.fallen.borrow_mut().retain(|known| *known != room);
        self.behind.borrow_mut().retain(|known| *known != room);
    }

    /// A message was delivered to it.
    pub(crate) fn mark_delivered(&self) {
        self.delivered.set(true);
    }

    /// Whether a message was delivered to it since the last call.
    pub(crate) fn was_delivered_to(&self) -> bool {
        self.delivered.take()
    }

    /// Whether its worker still has it. A connection that was removed can take no further seats.
    pub(crate) const fn is_connected(&self) -> bool {
        self.connected.get()
    }

    pub(crate) fn let_go(&self) {
        self.connected.set(false);
    }

    /// The rooms in which it sits.
    pub fn rooms(&self) -> Vec<RoomId> {
        let chairs = self.chairs.borrow();
        chairs.iter().map(|(room, _)| *room).collect()
    }

    pub(crate) const fn queue(&self) -> &RefCell<Queue> {
        &self.queue
    }
}
