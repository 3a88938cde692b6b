//! Somebody who is connected, by whatever kind of socket.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use application::Caller;
use domain::RoomId;
use protocol::limits::TYPING_SECONDS;
use realtime::{Connection, Owner};
use tokio::time::Instant;

use super::sends::Sends;
use super::worker::Worker;
use crate::error::ApiError;

/// When to try again what the store did not answer.
const AGAIN: Duration = Duration::from_secs(1);

/// Somebody who is connected.
pub(crate) struct Peer {
    pub(crate) worker: Rc<Worker>,
    pub(crate) connection: Rc<Connection>,
    caller: Cell<Caller>,
    /// Where they write just now, and when that ends by itself.
    typing: RefCell<HashMap<RoomId, Instant>>,
    /// Rooms that could not be resumed, and when to try again.
    unfinished: RefCell<Vec<RoomId>>,
    again_at: Cell<Option<Instant>>,
    pub(crate) sends: Sends,
}

impl Peer {
    pub(crate) fn new(
        worker: &Rc<Worker>,
        connection: &Rc<Connection>,
        caller: Caller,
    ) -> Rc<Self> {
        Rc::new(Self {
            worker: Rc::clone(worker),
            connection: Rc::clone(connection),
            caller: Cell::new(caller),
            typing: RefCell::default(),
            unfinished: RefCell::default(),
            again_at: Cell::new(None),
            sends: Sends::default(),
        })
    }

    /// In whose name commands are carried out.
    pub(crate) const fn caller(&self) -> Caller {
        self.caller.get()
    }

    /// Goes on in the name of another session of the same person.
    pub(crate) fn go_on_as(&self, caller: Caller) {
        let Caller { user, session } = caller;
        let owner = Owner { user, session };
        self.worker.shard.own(&self.connection, owner);
        self.caller.set(caller);
    }

    /// Notes what went wrong.
    pub(crate) fn log(&self, error: &ApiError) {
        error.log(&self.connection.id().to_string());
    }

    /// Notes whether the person writes.
    pub(crate) fn types(&self, room: RoomId, on: bool) {
        let mut typing = self.typing.borrow_mut();
        if on {
            typing.insert(room, Instant::now() + Duration::from_secs(TYPING_SECONDS));
        } else {
            typing.remove(&room);
        }
    }

    /// Rooms in which writing has ended by itself.
    pub(crate) fn fallen_silent(&self, now: Instant) -> Vec<RoomId> {
        let mut typing = self.typing.borrow_mut();
        let over: Vec<RoomId> = typing
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(room, _)| *room)
            .collect();
        typing.retain(|_, until| *until > now);
        over
    }

    /// Tells that the person writes no more in these rooms.
    pub(crate) async fn silence(&self, rooms: Vec<RoomId>) {
        for room in rooms {
            let typing = &self.worker.sockets.use_cases.typing;
            // Whoever may not write there any more is not taken for somebody who does, either.
            drop(typing.run(&self.caller(), room, false).await);
        }
    }

    /// Tells others that the person has left.
    pub(crate) async fn leave(&self) {
        let written = self.typing.take().into_keys().collect();
        self.silence(written).await;
        let use_cases = &self.worker.sockets.use_cases;
        let (user, id) = (self.caller().user, self.connection.id());
        use_cases.attendance.leave(user, id).await;
    }

    /// These rooms are to be resumed later.
    pub(crate) fn try_later(&self, rooms: impl IntoIterator<Item = RoomId>) {
        self.unfinished.borrow_mut().extend(rooms);
        self.again_at.set(Some(Instant::now() + AGAIN));
    }

    /// Rooms whose time has come.
    pub(crate) fn unfinished(&self, now: Instant) -> Vec<RoomId> {
        if self.again_at.get().is_some_and(|again| again <= now) {
            self.again_at.set(None);
            self.unfinished.take()
        } else {
            Vec::new()
        }
    }

    /// When to look next at what is kept here.
    pub(crate) fn due(&self) -> Option<Instant> {
        let silence = self.typing.borrow().values().min().copied();
        silence.into_iter().chain(self.again_at.get()).min()
    }
}
