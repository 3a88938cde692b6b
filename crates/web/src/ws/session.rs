//! Somebody who is connected, as commands know them.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use application::account::Believed;
use protocol::limits::TOKEN_EXPIRING_SECONDS;
use protocol::realtime::{Ack, CloseCode, ServerFrame};
use realtime::Connection;
use tokio::time::Instant;

use crate::answer::whole_seconds;
use crate::error::ApiError;
use crate::live::{Peer, Worker, wire};

/// Somebody who is connected.
pub(super) struct Session {
    pub(super) peer: Rc<Peer>,
    token: Cell<Token>,
    /// Why the connection is to be closed, once a command has found a reason.
    closing: Cell<Option<CloseCode>>,
    /// How many summaries the client waits for.
    summaries: Rc<Cell<u32>>,
}

/// A summary that the client waits for, until this is dropped.
pub(super) struct SummaryPlace(Rc<Cell<u32>>);

impl Drop for SummaryPlace {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
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
            peer: Peer::new(worker, connection, believed.caller),
            token: Cell::new(token),
            closing: Cell::new(None),
            summaries: Rc::default(),
        })
    }

    pub(super) fn send(&self, frame: &ServerFrame) {
        self.peer.connection.send(wire::text(frame));
    }

    /// Answers a command that was carried out, if an answer is wanted.
    pub(super) fn acknowledge(&self, id: Option<u64>, ack: Ack) {
        if let Some(id) = id {
            self.send(&ServerFrame::Ack { id, ack });
        }
    }

    /// Answers a command that was not.
    pub(super) fn refuse(&self, id: Option<u64>, error: &ApiError) {
        self.peer.log(error);
        self.send(&error.frame(id));
    }

    /// Lets the client wait for one summary more, if it waits for fewer than this.
    pub(super) fn summary_place(&self, most: u32) -> Option<SummaryPlace> {
        let waiting = self.summaries.get();
        (waiting < most).then(|| {
            self.summaries.set(waiting.saturating_add(1));
            SummaryPlace(Rc::clone(&self.summaries))
        })
    }

    pub(super) fn close(&self, code: CloseCode) {
        self.closing.set(Some(code));
    }

    pub(super) const fn closing(&self) -> Option<CloseCode> {
        self.closing.get()
    }

    /// Goes on with another token, which may be of another session of the same person.
    pub(super) fn renew(&self, believed: &Believed) {
        self.peer.go_on_as(believed.caller);
        self.token.set(Token {
            expires: self.peer.worker.instant(believed.expires_at),
            announced: false,
        });
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
            let seconds = whole_seconds(left);
            self.send(&ServerFrame::TokenExpiring { seconds });
        }
    }

    /// When to look next at what is kept here.
    pub(super) fn due(&self, now: Instant) -> Instant {
        let token = self.token.get();
        let due = if token.announced {
            token.expires
        } else {
            let notice = Duration::from_secs(TOKEN_EXPIRING_SECONDS);
            token.expires.checked_sub(notice).unwrap_or(now)
        };
        self.peer.due().map_or(due, |other| due.min(other))
    }
}
