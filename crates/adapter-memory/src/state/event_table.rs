//! Events that wait to be told.

use std::collections::{BTreeMap, HashMap};

use domain::port::outbox::Claim;
use domain::{Event, EventId, NodeId, Timestamp};

/// The outbox. Every lane keeps the order in which its events were stored.
#[derive(Default)]
pub(crate) struct EventTable {
    stored: u64,
    /// By lane and place.
    waiting: BTreeMap<(u8, u64), Event>,
    places: HashMap<EventId, (u8, u64)>,
    holders: HashMap<u8, (NodeId, Timestamp)>,
    parked: Vec<(Event, String)>,
}

impl EventTable {
    /// Stores events. One that waits already is not stored twice.
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

    /// Takes a lane for a holder and shows its oldest events.
    pub(crate) fn claim(&mut self, claim: &Claim) -> Vec<Event> {
        let held = self
            .holders
            .get(&claim.lane)
            .is_some_and(|(holder, until)| *holder != claim.holder && *until > claim.now);
        if held {
            return Vec::new();
        }
        self.holders.insert(claim.lane, (claim.holder, claim.until));
        self.waiting
            .range((claim.lane, 0)..=(claim.lane, u64::MAX))
            .take(claim.limit)
            .map(|(_, event)| *event)
            .collect()
    }

    /// Takes an event out of its lane.
    pub(crate) fn remove(&mut self, id: EventId) -> Option<Event> {
        let place = self.places.remove(&id)?;
        self.waiting.remove(&place)
    }

    /// Puts an event aside.
    pub(crate) fn park(&mut self, id: EventId, reason: &str) {
        if let Some(event) = self.remove(id) {
            self.parked.push((event, reason.to_owned()));
        }
    }

    /// How many wait, and how many were put aside.
    pub(crate) fn backlog(&self) -> (usize, usize) {
        (self.waiting.len(), self.parked.len())
    }
}
