//! What a node knows of the rooms that its connections listen to.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

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

/// What a node knows of the rooms that its connections listen to, and the way to its workers.
///
/// Rooms are told in the order of their revs, whatever order changes come in. A room is known here from
/// its first listener until a while after its last one, so that who comes back in a moment finds the
/// last events at hand.
pub struct Hub {
    bounds: Bounds,
    /// Held for the moment in which a change finds its place and is put before the workers, which is
    /// what keeps them all in one order.
    pub(crate) rooms: Mutex<HashMap<RoomId, Room>>,
    outlets: RwLock<Vec<Outlet>>,
    pub(crate) census: Census,
    /// Rooms that nobody listened to before.
    pub(crate) fresh: Mutex<Vec<RoomId>>,
    pub(crate) freshened: Notify,
    /// Rooms of which something is missing.
    pub(crate) holes: Mutex<HashSet<RoomId>>,
    pub(crate) torn: Notify,
    /// Something may be missing anywhere.
    pub(crate) doubted: Notify,
}

impl Hub {
    /// A hub without listeners, with these bounds for each connection.
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

    /// Takes changes of a room that somebody told of.
    pub fn offer(&self, room: RoomId, changes: impl IntoIterator<Item = Change>) {
        self.within(room, |known| {
            let next = known.order.offer(changes);
            self.go_on(room, known, next);
        });
    }

    /// Takes what the store said when it was asked a moment ago where a room stands.
    pub fn look(&self, Head { room, rev, seq }: Head) {
        self.reach(room, rev, Some(seq));
    }

    /// A room has come to this rev, at the least.
    pub(crate) fn reach(&self, room: RoomId, rev: Rev, seq: Option<Seq>) {
        self.within(room, |known| {
            let next = known.order.look(rev, seq);
            self.go_on(room, known, next);
        });
    }

    /// Tells the room's listeners something that is of no use later.
    pub fn whisper(&self, room: RoomId, whisper: Whisper) {
        let whisper = Arc::new(whisper);
        self.within(room, |known| {
            for shard in known.shards() {
                self.send(shard, Item::Whisper(room, Arc::clone(&whisper)));
            }
        });
    }

    /// Tells whoever listens to any of these rooms, once.
    pub fn whisper_around(&self, rooms: Vec<RoomId>, frame: &Frame) {
        let rooms: Vec<RoomId> = rooms
            .into_iter()
            .filter(|room| {
                self.within(*room, |known| known.is_heard())
                    .unwrap_or(false)
            })
            .collect();
        if rooms.is_empty() {
            return;
        }
        let (rooms, number) = (Arc::from(rooms), self.census.number());
        self.send_everywhere(|| Item::Around(Arc::clone(&rooms), number, frame.clone()));
    }

    /// Tells all connections of a person.
    pub fn tell(&self, user: UserId, frame: &Frame) {
        if self.is_here(user) {
            self.send_everywhere(|| Item::Person(user, frame.clone()));
        }
    }

    /// A room of a person's is no more: those of their connections are told that do not listen to it.
    /// The others hear it when it is [dissolved](Self::dissolve), after all that was said there.
    pub fn tell_gone(&self, user: UserId, room: RoomId, frame: &Frame) {
        if self.is_here(user) {
            self.send_everywhere(|| Item::Gone(user, room, frame.clone()));
        }
    }

    /// A person belongs to a room from now on. Those of their connections that asked for it hear of it.
    pub fn come_into(&self, user: UserId, room: RoomId) {
        if self.is_here(user) {
            self.send_everywhere(|| Item::CameInto(user, room));
        }
    }

    /// Whether a person has a connection to this node.
    pub fn is_here(&self, user: UserId) -> bool {
        self.census.connections_of(user) > 0
    }

    /// How many connections a person has to this node.
    pub fn connections_of(&self, user: UserId) -> usize {
        self.census.connections_of(user)
    }

    /// The sessions that connections to this node are of.
    pub fn sessions(&self) -> Vec<SessionId> {
        self.census.sessions()
    }

    /// Ends the connections of sessions.
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

    /// A room is no more: its listeners are told so, and sent away.
    pub fn dissolve(&self, room: RoomId, frame: &Frame) {
        self.within(room, |known| {
            for shard in known.shards() {
                self.send(shard, Item::Dissolve(room, frame.clone()));
            }
        });
    }

    /// Whether anybody listens to a room, or did a moment ago.
    pub fn knows(&self, room: RoomId) -> bool {
        lock(&self.rooms).contains_key(&room)
    }

    /// Whether anybody listens to a room who speaks one of these dialects.
    pub fn is_heard_in(&self, room: RoomId, dialects: &[Dialect]) -> bool {
        let heard = |known: &mut Room| dialects.iter().any(|dialect| known.is_spoken(*dialect));
        self.within(room, heard).unwrap_or(false)
    }

    /// Whether nobody is connected.
    pub fn is_empty(&self) -> bool {
        self.census.is_empty()
    }

    /// Something may have been missed anywhere: the store is asked soon.
    pub fn doubt(&self) {
        self.doubted.notify_one();
    }

    pub(crate) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Opens the way to another worker, and answers with its number.
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
            Room::new(room)
        });
        known.enter(shard, dialect);
    }

    /// A worker has one listener less in a room.
    pub(crate) fn leave(&self, room: RoomId, shard: usize, dialect: Dialect) {
        self.within(room, |known| known.leave(shard, dialect, Instant::now()));
    }

    /// The last events of a room after a rev, if they reach back that far, and nothing is known to be
    /// missing that the store might have, unless it was `asked`.
    pub(crate) fn since(&self, room: RoomId, rev: Rev, asked: bool) -> Option<Vec<Arc<Event>>> {
        self.within(room, |known| {
            let events = known.order.since(rev, asked)?;
            Some(events.map(Arc::clone).collect())
        })
        .flatten()
    }

    /// These rooms have to be followed and looked at.
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
        if next.hole && known.is_heard() {
            lock(&self.holes).insert(room);
            self.torn.notify_one();
        }
    }

    pub(crate) fn within<T>(&self, room: RoomId, work: impl FnOnce(&mut Room) -> T) -> Option<T> {
        lock(&self.rooms).get_mut(&room).map(work)
    }

    fn send(&self, shard: usize, item: Item) {
        let outlets = self.outlets.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(outlet) = outlets.get(shard) {
            outlet.send(item);
        }
    }

    fn send_everywhere(&self, item: impl Fn() -> Item) {
        let outlets = self.outlets.read().unwrap_or_else(PoisonError::into_inner);
        for outlet in outlets.iter() {
            outlet.send(item());
        }
    }
}

/// Nothing behind a lock of this crate is left half done by a panic.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
