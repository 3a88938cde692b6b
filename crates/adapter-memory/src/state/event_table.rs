//! Events that wait to be published.

use std::collections::{BTreeMap, HashMap};

use domain::leasing::{self, Claimed, Lease};
use domain::port::jobs::Queue;
use domain::port::outbox::Claim;
use domain::{Event, EventId};

/// The outbox. Each lane keeps the order in which its events were stored.
#[derive(Default)]
pub(crate) struct EventTable {
    stored: u64,
    /// By lane and position.
    waiting: BTreeMap<(u8, u64), Event>,
    places: HashMap<EventId, (u8, u64)>,
    leases: HashMap<u8, Lease>,
    /// Events that queues gave up on, in that order.
    parked: Vec<(Queue, Event)>,
}

impl EventTable {
    /// Stores events. One that is already waiting is not stored twice.
    pub(crate) fn extend(&mut self, events: &[Event]) {
        for event in events {
            if self.places.contains_key(&event.id) {
                continue;
            }
            self.stored = self.stored.saturating_add(1);
            let place = (event.lane(), self.stored);
            self.places.insert(event.id, place);
            self.waiting.insert(place, *event);
        }
    }

    /// Leases lanes to a holder and returns their oldest events.
    pub(crate) fn claim(&mut self, claim: &Claim) -> Vec<Event> {
        let mut events = Vec::new();
        for lane in claim.lanes.iter().copied() {
            let held = self.leases.get(&lane).copied();
            if leasing::claim(held, claim.lease(), claim.now) == Claimed::Refused {
                continue;
            }
            self.leases.insert(lane, claim.lease());
            let oldest = self.waiting.range((lane, 0)..=(lane, u64::MAX));
            events.extend(oldest.take(claim.limit).map(|(_, event)| *event));
        }
        events
    }

    /// Removes an event from its lane.
    pub(crate) fn remove(&mut self, id: EventId) {
        if let Some(place) = self.places.remove(&id) {
            self.waiting.remove(&place);
        }
    }

    /// The lanes that contain events.
    pub(crate) fn lanes(&self) -> Vec<u8> {
        let holds = |lane: &u8| {
            self.waiting
                .range((*lane, 0)..=(*lane, u64::MAX))
                .next()
                .is_some()
        };
        (0..Event::LANES).filter(holds).collect()
    }

    /// Parks an event for a queue, once.
    pub(crate) fn park(&mut self, queue: Queue, event: Event) {
        let known = self
            .parked
            .iter()
            .any(|(of, it)| *of == queue && it.id == event.id);
        if !known {
            self.parked.push((queue, event));
        }
    }

    /// The events parked for a queue.
    pub(crate) fn parked(&self, queue: Queue, limit: usize) -> Vec<Event> {
        let these = self.parked.iter().filter(|(of, _)| *of == queue);
        these.take(limit).map(|(_, event)| *event).collect()
    }

    /// Removes events parked for a queue, and returns them.
    pub(crate) fn take(&mut self, queue: Queue, ids: &[EventId]) -> Vec<Event> {
        let these = |(of, event): &mut (Queue, Event)| *of == queue && ids.contains(&event.id);
        self.parked
            .extract_if(.., these)
            .map(|(_, event)| event)
            .collect()
    }

    /// How many events wait, and how many are parked.
    pub(crate) fn backlog(&self) -> (usize, usize) {
        (self.waiting.len(), self.parked.len())
    }
}
