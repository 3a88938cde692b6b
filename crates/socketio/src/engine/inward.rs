//! What a session receives from its client.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use engineioxide_core::{Packet, ProtocolVersion, Str};

use super::session::Session;
use super::state::Claim;
use crate::lock::lock;
use crate::reason::Reason;
use crate::wire::Malformed;

impl Session {
    /// Handles an Engine.IO packet, waiting while its socket's queue is full. Fails with the reason why
    /// the session has to end.
    pub(crate) async fn take_text(self: &Arc<Self>, text: Str) -> Result<(), Reason> {
        match Packet::parse(ProtocolVersion::V4, text) {
            Ok(Packet::Message(text)) => {
                let read = self.parser.text(&self.shared.limits, text);
                self.take(read).await
            }
            Ok(Packet::Binary(bytes)) => self.take_binary(bytes).await,
            Ok(Packet::Pong) => {
                self.ponged();
                Ok(())
            }
            Ok(Packet::Close) => Err(Reason::TransportClose),
            Ok(Packet::Noop | Packet::Upgrade | Packet::PongUpgrade) => Ok(()),
            // Only the server sends pings and opens sessions.
            Ok(Packet::Ping | Packet::PingUpgrade | Packet::Open(_) | Packet::BinaryV3(_)) => {
                Err(Reason::TransportError)
            }
            Err(error) => {
                tracing::debug!(sid = %self.sid, %error, "a client sent something that is not an Engine.IO packet");
                Err(Reason::ParseError)
            }
        }
    }

    /// Handles an attachment.
    pub(crate) async fn take_binary(self: &Arc<Self>, bytes: Bytes) -> Result<(), Reason> {
        let read = self.parser.binary(&self.shared.limits, bytes);
        self.take(read).await
    }

    async fn take(
        self: &Arc<Self>,
        read: Result<Option<crate::wire::Packet>, Malformed>,
    ) -> Result<(), Reason> {
        let packet = match read {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(()),
            Err(error) => {
                tracing::debug!(sid = %self.sid, %error, "a client sent something that is not a Socket.IO packet");
                return Err(Reason::ParseError);
            }
        };
        let _waiting = Unheard::begin(self);
        self.seats.take(packet, || self.signal.notify_one()).await
    }

    /// The client is there, and has received what was sent before the ping.
    fn ponged(&self) {
        let pinged = {
            let mut state = lock(&self.state);
            let pinged = state.pinged.take();
            state.answered |= pinged.is_some();
            pinged
        };
        if let Some(position) = pinged {
            self.prove(position);
            self.signal.notify_one();
        }
    }

    /// A post begins.
    pub(crate) fn begin_post(&self) -> Claim {
        let claim = lock(&self.state).claim_post();
        if claim == Claim::Taken {
            self.close(Reason::TransportError);
        }
        claim
    }

    /// A post is over.
    pub(crate) fn end_post(&self) {
        lock(&self.state).posting = false;
    }
}

/// While this lives, the client may have answered without having been read.
struct Unheard<'a>(&'a Session);

impl<'a> Unheard<'a> {
    fn begin(session: &'a Session) -> Self {
        session.unheard.fetch_add(1, Ordering::AcqRel);
        Self(session)
    }
}

impl Drop for Unheard<'_> {
    fn drop(&mut self) {
        self.0.unheard.fetch_sub(1, Ordering::AcqRel);
    }
}
