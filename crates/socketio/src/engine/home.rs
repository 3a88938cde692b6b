//! The part of a session that never leaves the thread on which it was opened.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::{pending, poll_fn};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::rt;
use bytes::Bytes;
use engineioxide_core::Sid;
use serde_json::json;
use tokio::task::consume_budget;
use tokio::time::{Instant, sleep_until, timeout};

use super::heartbeat::{Beat, Heartbeat};
use super::outward::Urgency;
use super::session::Session;
use super::source::Source;
use super::state::Transport;
use super::worker::Worker;
use crate::reason::Reason;
use crate::socket::greet;
use crate::wire::{self, Encoded};

/// The request that opened a session.
#[derive(Debug)]
pub(crate) struct Opening {
    /// Those that are text, copied: the framework's own share memory with the connection's buffer.
    pub(crate) headers: Box<[(Box<str>, Box<str>)]>,
    pub(crate) query: Box<str>,
    pub(crate) path: Box<str>,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) transport: Transport,
}

/// The part of a session that never leaves the thread on which it was opened: its sockets' owners, and
/// the sources of their frames.
pub(crate) struct Home {
    pub(crate) session: Arc<Session>,
    pub(crate) worker: Rc<Worker>,
    pub(crate) opening: Rc<Opening>,
    sources: RefCell<Vec<(Sid, Rc<dyn Source>)>>,
    /// Which source is polled first, so that none is always last.
    turn: Cell<usize>,
    /// Whether the session's WebSocket lives on this thread and polls the sources itself.
    direct: Cell<bool>,
}

impl Home {
    /// Opens a session. Returns `None` if there are too many.
    pub(crate) fn open(worker: &Rc<Worker>, opening: Opening) -> Option<Rc<Self>> {
        let shared = &worker.shared;
        let session = Session::new(shared, opening.transport);
        session.tell(&Encoded::engine(&greeting(&session, opening.transport)));
        if !shared.registry.insert(&session) {
            return None;
        }
        let home = Rc::new(Self {
            worker: Rc::clone(worker),
            opening: Rc::new(opening),
            sources: RefCell::default(),
            turn: Cell::new(0),
            direct: Cell::new(false),
            session,
        });
        let sid = home.session.sid;
        worker.homes.borrow_mut().insert(sid, Rc::clone(&home));
        // A shutdown that has just begun may have missed this session.
        if shared.stopping.is_cancelled() {
            home.session.close(Reason::ServerShutdown);
        }
        rt::spawn(shared.tasks.track_future(Rc::clone(&home).keep()));
        tracing::debug!(%sid, "a session was opened");
        Some(home)
    }

    /// The session's WebSocket lives on this thread.
    pub(crate) fn go_direct(&self) {
        self.direct.set(true);
    }

    pub(crate) fn attach(&self, owner: Sid, source: Rc<dyn Source>) {
        self.sources.borrow_mut().push((owner, source));
        self.session.wake();
    }

    pub(crate) fn detach(&self, owner: Sid) {
        let mut sources = self.sources.borrow_mut();
        let removed: Vec<_> = sources
            .extract_if(.., |(known, _)| *known == owner)
            .collect();
        drop(sources);
        // Dropped outside the borrow, since a source may do anything when it is dropped.
        drop(removed);
        self.session.wake();
    }

    /// What to write next, if the WebSocket lives on this thread: first what was queued, then what the
    /// sources have. `None` once the session has ended and everything is written.
    pub(crate) fn poll_frames(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        let sent = self.session.poll_frames(cx);
        if sent.is_ready() || !self.direct.get() {
            return sent;
        }
        let piece = self.poll_sources(cx);
        if piece.is_ready() {
            self.session.handed_over();
        }
        piece.map(Some)
    }

    /// The same, if the WebSocket does not poll the sources itself.
    fn poll_aside(&self, cx: &Context<'_>) -> Poll<Bytes> {
        if self.direct.get() {
            return Poll::Pending;
        }
        self.poll_sources(cx)
    }

    fn poll_sources(&self, cx: &Context<'_>) -> Poll<Bytes> {
        let mut left = self.sources.borrow().len();
        while left > 0 {
            left = left.saturating_sub(1);
            let Some((index, source)) = self.next_source() else {
                break;
            };
            match source.poll_next(cx) {
                Poll::Ready(Some(piece)) => {
                    self.turn.set(index.wrapping_add(1));
                    return Poll::Ready(piece);
                }
                Poll::Ready(None) => {
                    let mut sources = self.sources.borrow_mut();
                    sources.retain(|(_, known)| !Rc::ptr_eq(known, &source));
                }
                Poll::Pending => self.turn.set(index.wrapping_add(1)),
            }
        }
        Poll::Pending
    }

    /// The source to poll next. Nothing stays borrowed: a source may do anything, such as attach
    /// another.
    fn next_source(&self) -> Option<(usize, Rc<dyn Source>)> {
        let sources = self.sources.borrow();
        let index = self.turn.get().checked_rem(sources.len())?;
        let (_, source) = sources.get(index)?;
        Some((index, Rc::clone(source)))
    }

    /// Keeps the session until it ends: lets clients connect to namespaces, sends pings, and forwards
    /// what the sources have unless the WebSocket polls them itself.
    async fn keep(self: Rc<Self>) {
        let session = &self.session;
        let options = &session.shared.options;
        let now = Instant::now();
        let mut heart = Heartbeat::new(options.ping_interval, options.ping_timeout, now);
        let mut alone_since = Some(now);
        loop {
            while let Some(arrival) = session.seats.arrival() {
                greet(&self, arrival);
            }
            if session.has_ended() {
                break;
            }
            let Some(next) = self.step(&mut heart, &mut alone_since) else {
                break;
            };
            tokio::select! {
                biased;
                () = session.signalled() => (),
                () = sleep_until(next) => (),
                never = self.pump() => match never {},
            }
        }
        self.give_up().await;
    }

    /// Checks on the client, and returns when to do so again, unless the session is over.
    fn step(&self, heart: &mut Heartbeat, alone_since: &mut Option<Instant>) -> Option<Instant> {
        let session = &self.session;
        let now = Instant::now();
        let next = match heart.step(now, session.take_answered(), session.is_unheard()) {
            Beat::Wait(next) => next,
            Beat::Ask(next) => {
                session.ping();
                next
            }
            Beat::Dead => {
                session.close(Reason::PingTimeout);
                return None;
            }
        };
        if !session.seats.is_empty() {
            *alone_since = None;
            return Some(next);
        }
        let since = *alone_since.get_or_insert(now);
        let by = since + session.shared.options.connect_timeout;
        if by <= now {
            session.close(Reason::ServerClose);
            return None;
        }
        Some(next.min(by))
    }

    /// Forwards what the sources have while the queue has room.
    async fn pump(&self) -> Infallible {
        loop {
            self.session.has_capacity().await;
            // Lets other tasks run, even if the source never runs dry and the client keeps up with it.
            consume_budget().await;
            let piece = poll_fn(|cx| self.poll_aside(cx)).await;
            let frames = wire::count(&piece);
            if self.session.push(piece, frames, Urgency::Must).is_err() {
                // The session has ended, and this future is about to be dropped.
                return pending().await;
            }
        }
    }

    /// Cleans up after the end. A client that polls may have to come once more to learn of it.
    async fn give_up(&self) {
        self.sources.take();
        let session = &self.session;
        let heard = async {
            while session.has_last_word() {
                session.signalled().await;
            }
        };
        // A client that does not come has had its time.
        drop(timeout(session.shared.options.linger, heard).await);
        session.settle();
        session.shared.registry.remove(session.sid);
        self.worker.homes.borrow_mut().remove(&session.sid);
    }
}

fn greeting(session: &Session, transport: Transport) -> String {
    let options = &session.shared.options;
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let upgrades: &[&str] = match transport {
        Transport::Polling => &["websocket"],
        Transport::WebSocket => &[],
    };
    let open = json!({
        "sid": session.sid.as_str(),
        "upgrades": upgrades,
        "pingInterval": millis(options.ping_interval),
        "pingTimeout": millis(options.ping_timeout),
        "maxPayload": options.max_payload,
    });
    format!("0{open}")
}
