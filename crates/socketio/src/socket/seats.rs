//! All seats of one client.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::ack::Answer;
use super::incoming::Event;
use super::seat::Seat;
use crate::lock::lock;
use crate::reason::Reason;
use crate::wire::Packet;

/// How many arrivals may wait to be let in.
const MOST_ARRIVALS: usize = 64;

/// A client that wants to connect to a namespace.
pub(crate) struct Arrival {
    pub(crate) namespace: Box<str>,
    pub(crate) auth: Value,
}

/// All seats of one client.
#[derive(Default)]
pub(crate) struct Seats(Mutex<Plan>);

#[derive(Default)]
struct Plan {
    seats: Vec<Arc<Seat>>,
    arrivals: VecDeque<Arrival>,
    /// Namespaces that the server removed it from. What it sent before it knew is ignored rather than an
    /// error. Never longer than the list of existing namespaces.
    left: Vec<Arc<str>>,
    closed: bool,
}

/// The recipient of a packet.
enum Addressee {
    Seat(Arc<Seat>),
    Left,
    Nobody,
}

impl Seats {
    /// Dispatches a packet, waiting until its recipient has room. `knock` wakes the task that lets
    /// clients in. Fails with the reason why the session has to end.
    pub(crate) async fn take(&self, packet: Packet, knock: impl Fn()) -> Result<(), Reason> {
        match packet {
            Packet::Connect { namespace, auth } => {
                let namespace = Box::from(namespace.as_str());
                self.arrive(Arrival { namespace, auth })?;
                knock();
            }
            Packet::Disconnect { namespace } => {
                if let Some(seat) = self.give_up(&namespace) {
                    seat.end(Reason::ClientDisconnect);
                    knock();
                }
            }
            Packet::Event {
                namespace,
                name,
                args: (args, attachments),
                id,
                size,
            } => match self.find(&namespace) {
                Addressee::Seat(seat) => {
                    let event = Event {
                        name,
                        args,
                        attachments,
                        ack: None,
                    };
                    seat.put(event, id, size).await;
                }
                Addressee::Left => (),
                Addressee::Nobody => return Err(Reason::ServerClose),
            },
            Packet::Ack {
                namespace,
                id,
                args: (args, attachments),
            } => match self.find(&namespace) {
                Addressee::Seat(seat) => seat.answer(id, Answer { args, attachments }),
                Addressee::Left => (),
                Addressee::Nobody => return Err(Reason::ServerClose),
            },
        }
        Ok(())
    }

    /// A client may not connect twice to the same namespace.
    fn arrive(&self, arrival: Arrival) -> Result<(), Reason> {
        let mut plan = lock(&self.0);
        let seated = plan
            .seats
            .iter()
            .any(|seat| *seat.namespace == *arrival.namespace);
        let known = plan
            .arrivals
            .iter()
            .any(|known| known.namespace == arrival.namespace);
        if seated || known || plan.arrivals.len() >= MOST_ARRIVALS {
            return Err(Reason::ServerClose);
        }
        plan.arrivals.push_back(arrival);
        Ok(())
    }

    /// The next arrival, in their order.
    pub(crate) fn arrival(&self) -> Option<Arrival> {
        lock(&self.0).arrivals.pop_front()
    }

    /// Adds a seat. Returns `false` once the session has ended.
    #[must_use]
    pub(super) fn sit(&self, seat: &Arc<Seat>) -> bool {
        let mut plan = lock(&self.0);
        if !plan.closed {
            plan.left.retain(|left| *left != seat.namespace);
            plan.seats.push(Arc::clone(seat));
        }
        !plan.closed
    }

    /// Removes a seat. If `forgiven`, what the client sent before it knew is ignored.
    pub(super) fn remove(&self, seat: &Seat, forgiven: bool) {
        let mut plan = lock(&self.0);
        plan.seats.retain(|known| known.id != seat.id);
        if forgiven && !plan.left.contains(&seat.namespace) {
            plan.left.push(Arc::clone(&seat.namespace));
        }
    }

    /// Whether no seat is connected.
    pub(crate) fn is_empty(&self) -> bool {
        let plan = lock(&self.0);
        !plan.seats.iter().any(|seat| seat.inbox.is_connected())
    }

    /// Makes waiting events check again whether they are in need.
    pub(crate) fn nudge(&self) {
        for seat in &lock(&self.0).seats {
            seat.inbox.nudge();
        }
    }

    /// The session has ended.
    pub(crate) fn close(&self, reason: Reason) {
        let seats = {
            let mut plan = lock(&self.0);
            plan.closed = true;
            plan.arrivals = VecDeque::new();
            std::mem::take(&mut plan.seats)
        };
        for seat in seats {
            seat.end(reason);
        }
    }

    fn give_up(&self, namespace: &str) -> Option<Arc<Seat>> {
        let mut plan = lock(&self.0);
        let index = plan
            .seats
            .iter()
            .position(|seat| *seat.namespace == *namespace)?;
        Some(plan.seats.swap_remove(index))
    }

    /// Only a connected seat may receive packets.
    fn find(&self, namespace: &str) -> Addressee {
        let plan = lock(&self.0);
        let seat = plan.seats.iter().find(|seat| *seat.namespace == *namespace);
        match seat {
            Some(seat) if seat.inbox.is_connected() => Addressee::Seat(Arc::clone(seat)),
            None if plan.left.iter().any(|left| **left == *namespace) => Addressee::Left,
            Some(_) | None => Addressee::Nobody,
        }
    }
}
