//! Telling many sockets at once.

use std::sync::Arc;

use engineioxide_core::Sid;
use serde::Serialize;

use super::crowd::Crowd;
use crate::engine::Urgency;
use crate::error::SendError;
use crate::options::Overflow;
use crate::reason::Reason;
use crate::wire::{EncodeError, Encoded};

/// Some sockets of a namespace, in whichever threads. An event to them is written once.
#[derive(Clone)]
#[must_use = "nobody is told anything yet"]
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

    /// Those in this room, besides those in rooms named before. Without any, everybody. A socket's id is
    /// a room with nobody else in it.
    pub fn to(mut self, room: impl Into<String>) -> Self {
        self.to.push(room.into());
        self
    }

    /// Without those in this room.
    pub fn except(mut self, room: impl Into<String>) -> Self {
        self.except.push(room.into());
        self
    }

    /// What is of no use later: those for whom much waits already miss it.
    pub fn volatile(mut self) -> Self {
        self.urgency = Urgency::Volatile;
        self
    }

    /// What becomes of those for whom there is no place, other than the server's options say.
    pub fn on_overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// Tells them, and answers for how many there was place.
    pub fn emit<T: ?Sized + Serialize>(self, name: &str, args: &T) -> Result<usize, EncodeError> {
        let packet = Encoded::event(&self.namespace, name, args)?;
        Ok(self.send(&packet))
    }

    /// Tells them what is written already, and answers for how many there was place.
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

    /// How many they are.
    pub fn count(&self) -> usize {
        self.chosen().len()
    }

    /// Bids them leave the namespace, or closes their sessions.
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
