//! All places of one client.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::ack::Answer;
use super::incoming::Event;
use super::seat::Seat;
use crate::lock::lock;
use crate::reason::Reason;
use crate::wire::Packet;

/// So many namespaces may be knocked at before anybody has come to the door.
const MOST_ARRIVALS: usize = 64;

/// A client that wishes to connect to a namespace.
pub(crate) struct Arrival {
    pub(crate) namespace: Box<str>,
    pub(crate) auth: Value,
}

/// All places of one client.
#[derive(Default)]
pub(crate) struct Seats(Mutex<Plan>);

#[derive(Default)]
struct Plan {
    seats: Vec<Arc<Seat>>,
    arrivals: VecDeque<Arrival>,
    /// Namespaces that it was bidden to leave. What it sent before it knew is no mistake of its own. No
    /// longer than the list of namespaces that there are.
    left: Vec<Arc<str>>,
    closed: bool,
}

/// Where a packet belongs.
enum Addressee {
    Seat(Arc<Seat>),
    Left,
    Nobody,
}

impl Seats {
    /// Takes a packet to where it belongs, and waits until there is place for it. `knock` calls somebody
    /// to the door. Answers why the session has to end, if it has to.
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

    /// Nobody connects twice to the same namespace.
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

    /// Who stands at the door, the first first.
    pub(crate) fn arrival(&self) -> Option<Arrival> {
        lock(&self.0).arrivals.pop_front()
    }

    /// Takes a seat. Answers `false` once the session has ended.
    #[must_use]
    pub(super) fn sit(&self, seat: &Arc<Seat>) -> bool {
        let mut plan = lock(&self.0);
        if !plan.closed {
            plan.left.retain(|left| *left != seat.namespace);
            plan.seats.push(Arc::clone(seat));
        }
        !plan.closed
    }

    /// Gives a seat up. If the server wishes it, what its client had sent before it knew is forgiven.
    pub(super) fn remove(&self, seat: &Seat, forgiven: bool) {
        let mut plan = lock(&self.0);
        plan.seats.retain(|known| known.id != seat.id);
        if forgiven && !plan.left.contains(&seat.namespace) {
            plan.left.push(Arc::clone(&seat.namespace));
        }
    }

    /// Whether it has a seat, or waits for one.
    pub(crate) fn is_empty(&self) -> bool {
        let plan = lock(&self.0);
        !plan.seats.iter().any(|seat| seat.inbox.is_connected())
    }

    /// Whoever waits for place looks again whether it is in need.
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

    /// Only those who are connected may be told anything.
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
