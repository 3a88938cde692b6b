//! Sends to many sockets at once.

use std::sync::Arc;

use engineioxide_core::Sid;
use serde::Serialize;

use super::crowd::Crowd;
use crate::engine::Urgency;
use crate::error::SendError;
use crate::options::Overflow;
use crate::reason::Reason;
use crate::wire::{EncodeError, Encoded};

/// Some sockets of a namespace, on any thread. An event for them is encoded once.
#[derive(Clone)]
#[must_use = "a broadcast does nothing until something is sent"]
pub struct Broadcast {
    crowd: Arc<Crowd>,
    namespace: Arc<str>,
    to: Vec<String>,
    but: Option<Sid>,
    except: Vec<String>,
    urgency: Urgency,
    overflow: Overflow,
}

impl Broadcast {
    pub(crate) const fn new(
        crowd: Arc<Crowd>,
        namespace: Arc<str>,
        but: Option<Sid>,
        overflow: Overflow,
    ) -> Self {
        Self {
            crowd,
            namespace,
            to: Vec::new(),
            but,
            except: Vec::new(),
            urgency: Urgency::Usual,
            overflow,
        }
    }

    /// Selects the sockets in this room, in addition to those in rooms named before. Without any room,
    /// all are selected. A socket's id is a room with nothing else in it.
    pub fn to(mut self, room: impl Into<String>) -> Self {
        self.to.push(room.into());
        self
    }

    /// Excludes the sockets in this room.
    pub fn except(mut self, room: impl Into<String>) -> Self {
        self.except.push(room.into());
        self
    }

    /// Sends something that is of no use later: sockets whose queue is half full miss it.
    pub fn volatile(mut self) -> Self {
        self.urgency = Urgency::Volatile;
        self
    }

    /// What happens to clients whose queue is full, instead of what the server's options say.
    pub fn on_overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// Sends an event, and returns how many sockets' queues accepted it.
    pub fn emit<T: ?Sized + Serialize>(self, name: &str, args: &T) -> Result<usize, EncodeError> {
        let packet = Encoded::event(&self.namespace, name, args)?;
        Ok(self.send(&packet))
    }

    /// Sends what is encoded already, and returns how many sockets' queues accepted it.
    pub fn send(self, packet: &Encoded) -> usize {
        let mut told = 0_usize;
        let closes = self.overflow == Overflow::Close && self.urgency == Urgency::Usual;
        for seat in self.chosen() {
            match seat.send(packet, self.urgency) {
                Ok(()) => told = told.saturating_add(1),
                Err(SendError::Full) if closes => seat.session.close(Reason::ServerClose),
                Err(SendError::Full | SendError::Gone) => (),
            }
        }
        told
    }

    /// How many sockets are selected.
    pub fn count(&self) -> usize {
        self.chosen().len()
    }

    /// Removes them from the namespace, or closes their sessions.
    pub fn disconnect(self, close_transport: bool) {
        for seat in self.chosen() {
            seat.disconnect();
            if close_transport {
                seat.session.close(Reason::ServerClose);
            }
        }
    }

    fn chosen(&self) -> Vec<Arc<super::seat::Seat>> {
        let mut chosen = self.crowd.chosen(&self.to, &self.except);
        chosen.retain(|seat| Some(seat.id) != self.but);
        chosen
    }
}
