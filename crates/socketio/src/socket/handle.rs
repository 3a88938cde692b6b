//! An owner's handle of a socket.

use std::fmt;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use tokio::time::timeout;

use super::ack::Answer;
use super::broadcast::Broadcast;
use super::incoming::Incoming;
use super::seat::Seat;
use crate::engine::{Home, Position, Source, Transport, Urgency};
use crate::error::{AckError, EmitError, SendError};
use crate::lock::lock;
use crate::reason::Reason;
use crate::wire::Encoded;

/// A client in a namespace, as held by its single owner on one thread.
///
/// Events are queued, up to a bound, until they are [pulled](Self::next). While the queue is full the
/// client is not read at all, and neither are answers to [`emit_with_ack`](Self::emit_with_ack): an
/// owner that waits for one must keep pulling.
#[derive(Clone)]
pub struct Socket {
    seat: Arc<Seat>,
    home: Rc<Home>,
}

impl Socket {
    pub(super) fn new(seat: &Arc<Seat>, home: &Rc<Home>) -> Self {
        Self {
            seat: Arc::clone(seat),
            home: Rc::clone(home),
        }
    }

    /// Its id, which its client knows as well. It differs for each connection.
    pub fn id(&self) -> &str {
        self.seat.id.as_str()
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.seat.namespace
    }

    /// The current transport.
    pub fn transport(&self) -> Transport {
        self.seat.session.transport()
    }

    /// Whether it is still connected.
    pub fn is_connected(&self) -> bool {
        !self.seat.has_ended()
    }

    /// Receives the next item. The last one is [`Incoming::Gone`], and `None` follows.
    pub async fn next(&self) -> Option<Incoming> {
        poll_fn(|cx| self.seat.inbox.poll(cx)).await
    }

    /// Sends what is encoded already, unless the queue is full. Then its owner may wait for
    /// [room](Self::has_capacity), give up, or [disconnect](Self::disconnect).
    pub fn send(&self, packet: &Encoded) -> Result<(), SendError> {
        self.seat.send(packet, Urgency::Usual)
    }

    /// Sends what is of no use later, unless the queue is half full.
    pub fn send_volatile(&self, packet: &Encoded) -> Result<(), SendError> {
        self.seat.send(packet, Urgency::Volatile)
    }

    /// Sends what would not be sent again, such as an answer. If even twice the bounds are full, the
    /// session is closed.
    pub fn insist(&self, packet: &Encoded) -> Result<(), SendError> {
        self.seat.send(packet, Urgency::Must)
    }

    /// Sends an event. A tuple or an array becomes several arguments, anything else a single one;
    /// whatever serializes as bytes becomes an attachment.
    pub fn emit<T: ?Sized + Serialize>(&self, name: &str, args: &T) -> Result<(), EmitError> {
        let packet = Encoded::event(&self.seat.namespace, name, args)?;
        Ok(self.send(&packet)?)
    }

    /// Sends an event whose arguments are JSON values, with attachments that they refer to by
    /// placeholders.
    pub fn emit_with(
        &self,
        name: &str,
        args: &[Value],
        attachments: &[Bytes],
    ) -> Result<(), EmitError> {
        let packet = Encoded::event_with(&self.seat.namespace, name, args, attachments)?;
        Ok(self.send(&packet)?)
    }

    /// Sends an event that is of no use later.
    pub fn emit_volatile<T: ?Sized + Serialize>(
        &self,
        name: &str,
        args: &T,
    ) -> Result<(), EmitError> {
        let packet = Encoded::event(&self.seat.namespace, name, args)?;
        Ok(self.send_volatile(&packet)?)
    }

    /// Sends an event, and waits for its answer at most for `within`.
    pub async fn emit_with_ack<T: ?Sized + Serialize>(
        &self,
        name: &str,
        args: &T,
        within: Duration,
    ) -> Result<Answer, AckError> {
        let most = self.seat.session.shared.options.pending_acks;
        let (id, answer) = self.seat.acks.expect(most).ok_or(SendError::Full)?;
        let _forgotten = Forgotten(&self.seat, id);
        let packet = Encoded::asking(&self.seat.namespace, name, args, id)?;
        self.send(&packet)?;
        if self.seat.has_ended() {
            return Err(SendError::Gone.into());
        }
        match timeout(within, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(SendError::Gone.into()),
            Err(_) => Err(AckError::TimedOut),
        }
    }

    /// Waits until the queue is no longer half full, and if it was, until most of it is gone; or until
    /// the socket is gone.
    pub async fn has_capacity(&self) {
        self.seat.session.has_capacity().await;
    }

    /// Sends what a source has, whenever the queue has room, until the source or the socket ends. The
    /// order of its frames is kept, and what is [sent](Self::send) goes before what the source still
    /// has.
    pub fn attach(&self, source: Rc<dyn Source>) {
        if self.is_connected() {
            self.home.attach(self.seat.id, source);
        }
    }

    /// The position of everything handed over so far: what was sent, and what was taken from sources.
    pub fn mark(&self) -> Position {
        self.seat.session.mark()
    }

    /// The position up to which everything is known to have arrived, as proven by a pong or the next
    /// poll.
    pub fn proven(&self) -> Position {
        self.seat.session.proven()
    }

    /// Waits until more than that is known to have arrived. Returns `false` if nothing more will be.
    pub async fn proven_beyond(&self, position: Position) -> bool {
        self.seat.session.proven_beyond(position).await
    }

    /// Requests a proof without waiting for the next heartbeat. On a WebSocket this is a ping of the
    /// WebSocket protocol, of which only one is in flight at a time; polls are proof by themselves.
    pub fn ask_for_proof(&self) {
        self.seat.session.ask();
    }

    /// Joins a room.
    pub fn join(&self, room: &str) {
        self.seat.join(room);
    }

    /// Leaves a room.
    pub fn leave(&self, room: &str) {
        self.seat.leave(room);
    }

    /// The rooms that it is in.
    pub fn rooms(&self) -> Vec<Arc<str>> {
        lock(&self.seat.rooms).iter().cloned().collect()
    }

    /// All other sockets of its namespace.
    pub fn broadcast(&self) -> Broadcast {
        Broadcast::new(
            Arc::clone(&self.seat.crowd),
            Arc::clone(&self.seat.namespace),
            Some(self.seat.id),
            self.seat.session.shared.options.overflow,
        )
    }

    /// All other sockets in a room.
    pub fn to(&self, room: impl Into<String>) -> Broadcast {
        self.broadcast().to(room)
    }

    /// Closes its whole session without a goodbye, so that its client reconnects, here or elsewhere.
    pub fn close(&self) {
        self.home.detach(self.seat.id);
        self.seat.session.close(Reason::ServerClose);
    }

    /// Removes the client from the namespace, after which it does not reconnect by itself, and closes
    /// its whole session if `close_transport`. What was sent earlier is still delivered.
    pub fn disconnect(&self, close_transport: bool) {
        self.home.detach(self.seat.id);
        self.seat.disconnect();
        if close_transport {
            self.seat.session.close(Reason::ServerClose);
        }
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("id", &self.id())
            .field("namespace", &self.namespace())
            .finish_non_exhaustive()
    }
}

/// Stops waiting for an answer, however the call ends.
struct Forgotten<'a>(&'a Seat, u64);

impl Drop for Forgotten<'_> {
    fn drop(&mut self) {
        self.0.acks.forget(self.1);
    }
}
