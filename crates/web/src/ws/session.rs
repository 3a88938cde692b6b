//! Somebody who is connected, as commands know them.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use application::Caller;
use application::account::Believed;
use domain::RoomId;
use protocol::limits::{TOKEN_EXPIRING_SECONDS, TYPING_SECONDS};
use protocol::realtime::{Ack, CloseCode, ServerFrame};
use realtime::{Connection, Owner};
use tokio::time::Instant;

use super::sends::Sends;
use super::wire;
use super::worker::Worker;
use crate::error::ApiError;

/// When to try again what the store did not answer.
const AGAIN: Duration = Duration::from_secs(1);

/// Somebody who is connected.
pub(super) struct Session {
    pub(super) worker: Rc<Worker>,
    pub(super) connection: Rc<Connection>,
    caller: Cell<Caller>,
    token: Cell<Token>,
    /// Where they write just now, and when that ends by itself.
    typing: RefCell<HashMap<RoomId, Instant>>,
    /// Rooms that could not be resumed, and when to try again.
    unfinished: RefCell<Vec<RoomId>>,
    again_at: Cell<Option<Instant>>,
    /// Why the connection is to be closed, once a command has found a reason.
    closing: Cell<Option<CloseCode>>,
    pub(super) sends: Sends,
}

/// The token that lets the connection live.
#[derive(Clone, Copy)]
struct Token {
    expires: Instant,
    announced: bool,
}

impl Session {
    pub(super) fn new(
        worker: &Rc<Worker>,
        connection: &Rc<Connection>,
        believed: &Believed,
    ) -> Rc<Self> {
        let token = Token {
            expires: worker.instant(believed.expires_at),
            announced: false,
        };
        Rc::new(Self {
            worker: Rc::clone(worker),
            connection: Rc::clone(connection),
            caller: Cell::new(believed.caller),
            token: Cell::new(token),
            typing: RefCell::default(),
            unfinished: RefCell::default(),
            again_at: Cell::new(None),
            closing: Cell::new(None),
            sends: Sends::default(),
        })
    }

    pub(super) fn send(&self, frame: &ServerFrame) {
        self.connection.send(wire::text(frame));
    }

    /// Answers a command that was carried out, if an answer is wanted.
    pub(super) fn acknowledge(&self, id: Option<u64>, ack: Ack) {
        if let Some(id) = id {
            self.send(&ServerFrame::Ack { id, ack });
        }
    }

    /// Answers a command that was not.
    pub(super) fn refuse(&self, id: Option<u64>, error: &ApiError) {
        error.log(&self.connection.id().to_string());
        self.send(&error.frame(id));
    }

    pub(super) fn close(&self, code: CloseCode) {
        self.closing.set(Some(code));
    }

    pub(super) const fn closing(&self) -> Option<CloseCode> {
        self.closing.get()
    }

    /// In whose name commands are carried out.
    pub(super) const fn caller(&self) -> Caller {
        self.caller.get()
    }

    /// Goes on with another token, which may be of another session of the same person.
    pub(super) fn renew(&self, believed: &Believed) {
        let Caller { user, session } = believed.caller;
        self.worker
            .shard
            .own(&self.connection, Owner { user, session });
        self.caller.set(believed.caller);
        self.token.set(Token {
            expires: self.worker.instant(believed.expires_at),
            announced: false,
        });
    }

    /// Notes whether the person writes.
    pub(super) fn types(&self, room: RoomId, on: bool) {
        let mut typing = self.typing.borrow_mut();
        if on {
            typing.insert(room, Instant::now() + Duration::from_secs(TYPING_SECONDS));
        } else {
            typing.remove(&room);
        }
    }

    /// Rooms in which writing has ended by itself.
    pub(super) fn fallen_silent(&self, now: Instant) -> Vec<RoomId> {
        let mut typing = self.typing.borrow_mut();
        let over: Vec<RoomId> = typing
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(room, _)| *room)
            .collect();
        typing.retain(|_, until| *until > now);
        over
    }

    /// Rooms in which the person still writes.
    pub(super) fn leave_off(&self) -> Vec<RoomId> {
        self.typing.take().into_keys().collect()
    }

    /// These rooms are to be resumed later.
    pub(super) fn try_later(&self, rooms: impl IntoIterator<Item = RoomId>) {
        self.unfinished.borrow_mut().extend(rooms);
        self.again_at.set(Some(Instant::now() + AGAIN));
    }

    /// Rooms whose time has come.
    pub(super) fn unfinished(&self, now: Instant) -> Vec<RoomId> {
        if self.again_at.get().is_some_and(|again| again <= now) {
            self.again_at.set(None);
            self.unfinished.take()
        } else {
            Vec::new()
        }
    }

    /// What is due by the token: it is announced to end, or has ended.
    pub(super) fn look_at_token(&self, now: Instant) {
        let token = self.token.get();
        let left = token.expires.saturating_duration_since(now);
        if left.is_zero() {
            self.close(CloseCode::TokenExpired);
        } else if left <= Duration::from_secs(TOKEN_EXPIRING_SECONDS) && !token.announced {
            self.token.set(Token {
                announced: true,
                ..token
            });
            let seconds = left.as_secs().max(1);
            self.send(&ServerFrame::TokenExpiring { seconds });
        }
    }

    /// When to look next at what is kept here.
    pub(super) fn due(&self, now: Instant) -> Instant {
        let token = self.token.get();
        let mut due = if token.announced {
            token.expires
        } else {
            let notice = Duration::from_secs(TOKEN_EXPIRING_SECONDS);
            token.expires.checked_sub(notice).unwrap_or(now)
        };
        if let Some(silence) = self.typing.borrow().values().min() {
            due = due.min(*silence);
        }
        if let Some(again) = self.again_at.get() {
            due = due.min(again);
        }
        due
    }
}
