//! One open connection, as its worker knows it.

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
    /// The person.
    pub user: UserId,
    /// The device.
    pub session: SessionId,
}

/// Of so many messages a client may know before it is told of them.
const MOST_OWN: usize = 64;
/// Into so many rooms somebody may come before their connection looks.
const MOST_NEW: usize = 500;

/// Of so many rooms it is remembered that they are no more.
const MOST_ENDED: usize = 500;

/// What is told of a message to the connection by which it is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// Nothing: its client knows of it.
    Passed,
    /// What everybody is told, and what its client calls it.
    Called(Bytes),
}

/// Why a connection has to end, where that is not its own client's doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its client does not read what waits for it.
    Slow,
    /// Its session was ended.
    SessionEnded,
    /// The node stops, or its store is another one than it was.
    Restart,
}

/// One open connection: what waits for it, and where it sits. It never leaves its worker's thread.
pub struct Connection {
    id: ConnectionId,
    owner: Cell<Owner>,
    queue: RefCell<Queue>,
    dialect: Cell<Option<Dialect>>,
    /// Messages that its client posts by it, of which it is told in another way than others.
    own: RefCell<VecDeque<(MessageId, Own)>>,
    /// Rooms that its owner came into of late, if it asked for them.
    new_rooms: RefCell<Option<Vec<RoomId>>>,
    /// Rooms of which it was told that they are no more, the latest last.
    ended_rooms: RefCell<VecDeque<RoomId>>,
    /// In which rooms it sits, and on which chair of each.
    pub(crate) chairs: RefCell<Vec<(RoomId, usize)>>,
    /// Rooms in which it has fallen behind, of which it was not told yet.
    fallen: RefCell<Vec<RoomId>>,
    /// Rooms in which it is behind.
    behind: RefCell<Vec<RoomId>>,
    ending: Cell<Option<Ending>>,
    /// Something for the task that owns the socket: it fell behind, may catch up, or has to end.
    signal: Notify,
    /// There is place for more, or nothing more is wanted.
    place: Notify,
    /// Whether anybody waits for that.
    awaited: Cell<bool>,
    /// Whether its worker knows it still.
    connected: Cell<bool>,
    /// Whether it was told of messages of late.
    hears: Cell<bool>,
    /// The last whisper to many rooms that it was told.
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
            hears: Cell::new(false),
            whisper: Cell::new(0),
        })
    }

    /// Names the connection.
    pub const fn id(&self) -> ConnectionId {
        self.id
    }

    /// Whose it is.
    pub const fn owner(&self) -> Owner {
        self.owner.get()
    }

    pub(crate) fn own(&self, owner: Owner) {
        self.owner.set(owner);
    }

    /// In which dialect it is told of what concerns its owner, and in which it takes its seats from now
    /// on. Without one it is told nothing.
    pub fn speak(&self, dialect: Option<Dialect>) {
        self.dialect.set(dialect);
    }

    /// In which dialect it is spoken to.
    pub const fn dialect(&self) -> Option<Dialect> {
        self.dialect.get()
    }

    /// Its client posts this message by it.
    pub fn posts(&self, message: MessageId, own: Own) {
        let mut known = self.own.borrow_mut();
        known.push_back((message, own));
        // Of most it is told some time; what it does not listen for is forgotten.
        if known.len() > MOST_OWN {
            known.pop_front();
        }
    }

    /// What is told of a message that its client posts by it. Once it was told, it is like any other.
    pub fn take_own(&self, message: MessageId) -> Option<Own> {
        let mut known = self.own.borrow_mut();
        let place = known.iter().position(|(other, _)| *other == message)?;
        known.remove(place).map(|(_, own)| own)
    }

    pub(crate) fn has_own(&self) -> bool {
        !self.own.borrow().is_empty()
    }

    /// From now on it is told of rooms that its owner comes into, by [`new_rooms`](Self::new_rooms).
    pub fn ask_for_new_rooms(&self) {
        self.new_rooms.borrow_mut().get_or_insert_default();
    }

    /// Rooms that its owner came into since this was last asked.
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

    /// Answers whether it did not know yet that this room is no more.
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

    /// Takes a frame that nobody would say again, in its own dialect.
    pub(crate) fn hear(&self, frame: &Frame) {
        if let Some(dialect) = self.dialect.get() {
            self.send(frame.said(dialect, Seq::MAX));
        }
    }

    /// Sends a frame that nobody would say again, such as an answer.
    pub fn send(&self, frame: Bytes) {
        self.send_all(frame, 1);
    }

    /// Sends several such frames in one piece.
    pub fn send_all(&self, frames: Bytes, count: usize) {
        let taken = self.queue.borrow_mut().insist(frames, count);
        if !taken {
            self.end(Ending::Slow);
        }
    }

    /// Lets nothing in any more: the connection closes once what waits was read.
    pub fn close(&self) {
        self.queue.borrow_mut().end();
        self.call_in();
    }

    /// Throws away what waits.
    pub fn give_up(&self) {
        self.queue.borrow_mut().clear();
        self.call_in();
    }

    /// What is to be written next; nothing once all is read and nothing more comes.
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

    /// Since when something waits of which nothing is taken.
    pub fn waiting_since(&self) -> Option<Instant> {
        self.queue.borrow().waiting_since()
    }

    /// Waits until there is place for more, or the connection has ended or has to.
    pub async fn has_place(&self) {
        while !self.is_idle() {
            self.awaited.set(true);
            self.place.notified().await;
        }
    }

    fn is_idle(&self) -> bool {
        let queue = self.queue.borrow();
        queue.is_drained() || queue.is_ended() || self.ending.get().is_some()
    }

    /// Whoever waits for place is to look again.
    fn call_in(&self) {
        if self.awaited.take() {
            self.place.notify_waiters();
        }
    }

    /// Whether so much waits that nothing more should be asked for.
    pub fn is_crowded(&self) -> bool {
        self.queue.borrow().is_half_full()
    }

    /// Waits until there is something to look at: [`fallen`](Self::fallen), [`returns`](Self::returns),
    /// [`new_rooms`](Self::new_rooms) or [`ending`](Self::ending).
    pub async fn signalled(&self) {
        self.signal.notified().await;
    }

    /// Rooms in which it has fallen behind since this was last asked.
    pub fn fallen(&self) -> Vec<RoomId> {
        self.fallen.take()
    }

    /// Rooms in which it was behind and may catch up now.
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

    /// It is to end, for this reason unless there is one already.
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

    /// Whether it is behind in a room, or not, is of no interest any more: it left, or begins anew.
    pub(crate) fn forget(&self, room: RoomId) {
        self.fallen.borrow_mut().retain(|known| *known != room);
        self.behind.borrow_mut().retain(|known| *known != room);
    }

    /// It is told of a message.
    pub(crate) fn hear_message(&self) {
        self.hears.set(true);
    }

    /// Whether it was told of a message since this was last asked.
    pub(crate) fn has_heard(&self) -> bool {
        self.hears.take()
    }

    /// Whether its worker knows it still. One that is let go takes no seat any more.
    pub(crate) const fn is_connected(&self) -> bool {
        self.connected.get()
    }

    pub(crate) fn let_go(&self) {
        self.connected.set(false);
    }

    /// In which rooms it sits.
    pub fn rooms(&self) -> Vec<RoomId> {
        let chairs = self.chairs.borrow();
        chairs.iter().map(|(room, _)| *room).collect()
    }

    pub(crate) const fn queue(&self) -> &RefCell<Queue> {
        &self.queue
    }
}
