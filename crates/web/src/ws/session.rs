//! A connected client, as its commands see it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use application::Error;
use application::account::Believed;
use protocol::limits::TOKEN_EXPIRING_SECONDS;
use protocol::realtime::{Ack, CloseCode, ServerFrame};
use realtime::Connection;
use tokio::time::Instant;

use crate::answer::whole_seconds;
use crate::error::ApiError;
use crate::live::{Peer, Worker, wire};

/// A connected client.
pub(super) struct Session {
    pub(super) peer: Rc<Peer>,
    token: Cell<Token>,
    /// Why the connection is to be closed, if a command has found a reason.
    closing: Cell<Option<CloseCode>>,
    /// How many summaries the client is waiting for.
    summaries: Rc<Cell<u32>>,
}

/// Counts as a summary that the client is waiting for, until it is dropped.
pub(super) struct SummaryPlace(Rc<Cell<u32>>);

impl Drop for SummaryPlace {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

/// The token that keeps the connection open.
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

    /// Acknowledges a command, if the client gave it an id.
    pub(super) fn acknowledge(&self, id: Option<u64>, ack: Ack) {
        if let Some(id) = id {
            self.send(&ServerFrame::Ack { id, ack });
        }
    }

    /// Answers a command that failed.
    pub(super) fn refuse(&self, id: Option<u64>, error: &ApiError) {
        self.peer.log(error);
        self.send(&error.frame(id));
    }

    /// Registers another summary, unless the client already waits for `most`.
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

    /// Continues with another token, which may belong to another session of the same user.
    pub(super) async fn renew(&self, believed: &Believed, token: &str) -> Result<(), Error> {
        self.token.set(Token {
            expires: self.peer.worker.instant(believed.expires_at),
            announced: false,
        });
        self.peer.go_on_as(believed.caller, token).await
    }

    /// Announces that the token is about to expire, or closes the connection once it has.
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

    /// When the token or something else next needs attention.
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
