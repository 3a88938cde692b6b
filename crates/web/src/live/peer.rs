//! A connected client, whatever the kind of its socket.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use application::{Caller, Error};
use domain::{Refusal, RoomId};
use protocol::limits::TYPING_SECONDS;
use realtime::{Connection, Ending, Owner};
use tokio::time::Instant;

use super::sends::Sends;
use super::worker::Worker;
use crate::error::ApiError;

/// When to retry what the store failed to answer.
const AGAIN: Duration = Duration::from_secs(1);
/// How long the queue may wait while the client reads nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connected client.
pub(crate) struct Peer {
    pub(crate) worker: Rc<Worker>,
    pub(crate) connection: Rc<Connection>,
    caller: Cell<Caller>,
    /// The rooms in which the user is typing, and when that expires.
    typing: RefCell<HashMap<RoomId, Instant>>,
    /// Rooms that could not be resumed, to be retried at `again_at`.
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

    /// The user and session on whose behalf commands are run.
    pub(crate) const fn caller(&self) -> Caller {
        self.caller.get()
    }

    /// Moves to the session of this token, which may be another one of the same user.
    pub(crate) async fn go_on_as(&self, caller: Caller, token: &str) -> Result<(), Error> {
        let Caller { user, session } = caller;
        let is_same = session == self.caller().session;
        let owner = Owner { user, session };
        self.worker.shard.set_owner(&self.connection, owner);
        self.caller.set(caller);
        if is_same {
            return Ok(());
        }
        // If that session was just ended, this connection was not yet among those closed with it.
        let authenticate = &self.worker.sockets.use_cases.authenticate;
        match authenticate.believe(token).await {
            Err(Error::Failed(failure)) => {
                // The sessions of all connections are checked again before long.
                tracing::warn!(error = %failure.chain(), "could not check a session again");
                Ok(())
            }
            Err(revoked @ Error::Refused(Refusal::SessionRevoked)) => {
                self.connection.end(Ending::SessionEnded);
                Err(revoked)
            }
            believed => believed.map(drop),
        }
    }

    /// Logs an error with the connection's id.
    pub(crate) fn log(&self, error: &ApiError) {
        error.log(&self.connection.id().to_string());
    }

    /// Records whether the user is typing in a room.
    pub(crate) fn types(&self, room: RoomId, on: bool) {
        let mut typing = self.typing.borrow_mut();
        if on {
            typing.insert(room, Instant::now() + Duration::from_secs(TYPING_SECONDS));
        } else {
            typing.remove(&room);
        }
    }

    /// Takes out the rooms in which typing has expired.
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

    /// Tells others that the user has stopped typing in these rooms.
    pub(crate) async fn silence(&self, rooms: Vec<RoomId>) {
        for room in rooms {
            let typing = &self.worker.sockets.use_cases.typing;
            typing.stop(&self.caller(), room).await;
        }
    }

    /// Tells others that the user has left.
    pub(crate) async fn leave(&self) {
        let written = self.typing.take().into_keys().collect();
        self.silence(written).await;
        let use_cases = &self.worker.sockets.use_cases;
        let (user, id) = (self.caller().user, self.connection.id());
        use_cases.attendance.leave(user, id).await;
    }

    /// Schedules these rooms to be resumed later.
    pub(crate) fn try_later(&self, rooms: impl IntoIterator<Item = RoomId>) {
        self.unfinished.borrow_mut().extend(rooms);
        self.again_at.set(Some(Instant::now() + AGAIN));
    }

    /// The rooms that are now due to be resumed.
    pub(crate) fn unfinished(&self, now: Instant) -> Vec<RoomId> {
        if self.again_at.get().is_some_and(|again| again <= now) {
            self.again_at.set(None);
            self.unfinished.take()
        } else {
            Vec::new()
        }
    }

    /// Whether the client has read nothing for so long that it has to go.
    pub(crate) fn has_stalled(&self, now: Instant) -> bool {
        self.stalls_at().is_some_and(|stalled| stalled <= now)
    }

    /// When that will be, if it goes on reading nothing.
    fn stalls_at(&self) -> Option<Instant> {
        let since = self.connection.waiting_since()?;
        Some(Instant::from_std(since) + PATIENCE)
    }

    /// When typing next expires, a resumption is due, or the client will have stalled.
    pub(crate) fn due(&self) -> Option<Instant> {
        let silence = self.typing.borrow().values().min().copied();
        let others = self.again_at.get().into_iter().chain(self.stalls_at());
        silence.into_iter().chain(others).min()
    }
}
