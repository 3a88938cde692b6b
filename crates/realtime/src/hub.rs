//! A node's view of the rooms that its connections listen to.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use domain::port::room_log::Head;
use domain::{Rev, RoomId, Seq, SessionId, UserId};
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::census::Census;
use crate::connection::Ending;
use crate::event::{Change, Event};
use crate::frame::{Dialect, Frame};
use crate::item::{Item, Whisper};
use crate::order::Next;
use crate::outlet::Outlet;
use crate::queue::Bounds;
use crate::room::Room;

/// How many items may wait for one worker.
pub(crate) const INBOX: usize = 16 * 1024;

/// A node's view of the rooms that its connections listen to, and the way to its workers.
///
/// Events of a room are delivered in the order of their revs, whatever order changes arrive in. A room
/// is tracked from its first listener until some time after its last one left, so that a client that
/// reconnects shortly after finds the latest events in memory.
pub struct Hub {
    bounds: Bounds,
    /// Held while a change is put in order and handed to the workers, which gives all of them the same
    /// order.
    pub(crate) rooms: Mutex<HashMap<RoomId, Room>>,
    outlets: RwLock<Vec<Outlet>>,
    pub(crate) census: Census,
    /// Rooms still to be followed on the bus and looked up in the store.
    pub(crate) fresh: Mutex<Vec<RoomId>>,
    pub(crate) freshened: Notify,
    /// Rooms with gaps.
    pub(crate) holes: Mutex<HashSet<RoomId>>,
    pub(crate) torn: Notify,
    /// Notified when any room may have missed something.
    pub(crate) doubted: Notify,
}

impl Hub {
    /// A hub without listeners, with these bounds for the queue of each connection.
    pub fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self {
            bounds,
            rooms: Mutex::default(),
            outlets: RwLock::default(),
            census: Census::default(),
            fresh: Mutex::default(),
            freshened: Notify::new(),
            holes: Mutex::default(),
            torn: Notify::new(),
            doubted: Notify::new(),
        })
    }

    /// Takes changes of a room, as announced by hints.
    pub fn offer(&self, room: RoomId, changes: impl IntoIterator<Item = Change>) {
        // Collected first, because a panic of the caller's code must not leave the order half-updated.
        let changes: Vec<Change> = changes.into_iter().collect();
        self.within(room, |known| {
            let next = known.order.offer(changes);
            self.go_on(room, known, next);
        });
    }

    /// Takes the head of a room, as just read from the store.
    pub fn look(&self, Head { room, rev, seq }: Head) {
        self.reach(room, rev, Some(seq));
    }

    /// A room has reached at least this rev.
    pub(crate) fn reach(&self, room: RoomId, rev: Rev, seq: Option<Seq>) {
        self.within(room, |known| {
            let next = known.order.look(rev, seq);
            self.go_on(room, known, next);
        });
    }

    /// Sends something to a room's listeners that is of no use later.
    pub fn whisper(&self, room: RoomId, whisper: Whisper) {
        let whisper = Arc::new(whisper);
        self.within(room, |known| {
            for shard in known.shards() {
                self.send(shard, Item::Whisper(room, Arc::clone(&whisper)));
            }
        });
    }

    /// Sends a frame once to every connection that listens to any of these rooms.
    pub fn whisper_around(&self, mut rooms: Vec<RoomId>, frame: &Frame) {
        let known = lock(&self.rooms);
        rooms.retain(|room| known.get(room).is_some_and(Room::has_listeners));
        drop(known);
        if rooms.is_empty() {
            return;
        }
        let (rooms, number) = (Arc::from(rooms), self.census.number());
        self.send_everywhere(|| Item::Around(Arc::clone(&rooms), number, frame.clone()));
    }

    /// The rev up to which a room's listeners were told, once that is known.
    pub fn position(&self, room: RoomId) -> Option<Rev> {
        self.within(room, |known| known.order.position()).flatten()
    }

    /// Shows a room's listeners something about the room as a whole, as it was at a
    /// [position](Self::position). Returns `false` if they were told of something newer since, which this
    /// would hide. Those who have no room for it fall behind, and have to be shown it again.
    pub fn show(&self, room: RoomId, at: Option<Rev>, frame: &Frame) -> bool {
        let shown = self.within(room, |known| {
            if known.order.position() != at {
                return false;
            }
            for shard in known.shards() {
                self.send(shard, Item::Shown(room, frame.clone()));
            }
            true
        });
        // In a room without listeners, nothing is hidden.
        shown.unwrap_or(true)
    }

    /// Sends a frame to all connections of a user.
    pub fn tell(&self, user: UserId, frame: &Frame) {
        if self.is_here(user) {
            self.send_everywhere(|| Item::Person(user, frame.clone()));
        }
    }

    /// Tells a user that a room was deleted, on those of their connections that do not listen to it. The
    /// others hear of it when the room is [dissolved](Self::dissolve), after all of its events.
    pub fn tell_gone(&self, user: UserId, room: RoomId, frame: &Frame) {
        if self.is_here(user) {
            self.send_everywhere(|| Item::Gone(user, room, frame.clone()));
        }
    }

    /// A user has joined a room. Those of their connections that asked for it hear of it.
    pub fn come_into(&self, user: UserId, room: RoomId) {
        if self.is_here(user) {
            self.send_everywhere(|| Item::CameInto(user, room));
        }
    }

    /// Whether a user is connected to this node.
    pub fn is_here(&self, user: UserId) -> bool {
        self.census.connections_of(user) > 0
    }

    /// How many connections a user has to this node.
    pub fn connections_of(&self, user: UserId) -> usize {
        self.census.connections_of(user)
    }

    /// The sessions of all connections to this node.
    pub fn sessions(&self) -> Vec<SessionId> {
        self.census.sessions()
    }

    /// Ends the connections of these sessions.
    pub fn end_sessions(&self, sessions: &[SessionId]) {
        let here: Arc<[SessionId]> = self.census.of_these(sessions).into();
        if !here.is_empty() {
            self.send_everywhere(|| Item::EndSessions(Arc::clone(&here)));
        }
    }

    /// Ends all connections.
    pub fn end_all(&self, why: Ending) {
        self.send_everywhere(|| Item::EndAll(why));
    }

    /// Ends all connections before a shutdown, which ends the workers as well.
    pub fn close(&self) {
        self.end_all(Ending::Restart);
        for outlet in self.outlets().iter() {
            outlet.expect_end();
        }
    }

    /// A room was deleted: its listeners are told so and lose their seats.
    pub fn dissolve(&self, room: RoomId, frame: &Frame) {
        self.within(room, |known| {
            for shard in known.shards() {
                self.send(shard, Item::Dissolve(room, frame.clone()));
            }
        });
    }

    /// Whether this node tracks a room: it has listeners, or had some until recently.
    pub fn knows(&self, room: RoomId) -> bool {
        lock(&self.rooms).contains_key(&room)
    }

    /// Whether a room has listeners that use one of these dialects.
    pub fn has_listeners_using(&self, room: RoomId, dialects: &[Dialect]) -> bool {
        let spoken = |known: &mut Room| dialects.iter().any(|dialect| known.is_spoken(*dialect));
        self.within(room, spoken).unwrap_or(false)
    }

    /// Whether nobody is connected.
    pub fn is_empty(&self) -> bool {
        self.census.is_empty()
    }

    /// Any room may have missed something: the store is read soon.
    pub fn doubt(&self) {
        self.doubted.notify_one();
    }

    pub(crate) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Registers another worker, and returns its number.
    pub(crate) fn join(&self) -> (usize, mpsc::Receiver<Item>, Outlet) {
        let (sender, inbox) = mpsc::channel(INBOX);
        let outlet = Outlet::new(sender);
        let mut outlets = self.outlets.write().unwrap_or_else(PoisonError::into_inner);
        outlets.push(outlet.clone());
        (outlets.len() - 1, inbox, outlet)
    }

    /// A worker has one more listener in a room.
    pub(crate) fn enter(&self, room: RoomId, shard: usize, dialect: Dialect) {
        let mut rooms = lock(&self.rooms);
        let known = rooms.entry(room).or_insert_with(|| {
            self.freshen(vec![room]);
            Room::new(room, self.bounds)
        });
        known.enter(shard, dialect);
    }

    /// A worker has one listener fewer in a room.
    pub(crate) fn leave(&self, room: RoomId, shard: usize, dialect: Dialect) {
        self.within(room, |known| known.leave(shard, dialect, Instant::now()));
    }

    /// The events of a room after a rev, if memory reaches back that far, and unless the store is known
    /// to have more. A caller that `asked` the store skips the latter check.
    pub(crate) fn since(&self, room: RoomId, rev: Rev, asked: bool) -> Option<Vec<Arc<Event>>> {
        self.within(room, |known| {
            let events = known.order.since(rev, asked)?;
            Some(events.map(Arc::clone).collect())
        })
        .flatten()
    }

    /// Schedules these rooms to be followed on the bus and looked up in the store.
    pub(crate) fn freshen(&self, rooms: Vec<RoomId>) {
        if !rooms.is_empty() {
            lock(&self.fresh).extend(rooms);
            self.freshened.notify_one();
        }
    }

    pub(crate) fn go_on(&self, room: RoomId, known: &Room, next: Next) {
        if !next.told.is_empty() {
            let events: Arc<[Arc<Event>]> = next.told.into();
            for shard in known.shards() {
                self.send(shard, Item::Events(room, Arc::clone(&events)));
            }
        }
        if next.hole && known.has_listeners() {
            lock(&self.holes).insert(room);
            self.torn.notify_one();
        }
    }

    pub(crate) fn within<T>(&self, room: RoomId, work: impl FnOnce(&mut Room) -> T) -> Option<T> {
        lock(&self.rooms).get_mut(&room).map(work)
    }

    fn send(&self, shard: usize, item: Item) {
        if let Some(outlet) = self.outlets().get(shard) {
            outlet.send(item);
        }
    }

    fn send_everywhere(&self, item: impl Fn() -> Item) {
        for outlet in self.outlets().iter() {
            outlet.send(item());
        }
    }

    fn outlets(&self) -> RwLockReadGuard<'_, Vec<Outlet>> {
        self.outlets.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No lock of this crate guards data that a panic could leave half-updated.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
