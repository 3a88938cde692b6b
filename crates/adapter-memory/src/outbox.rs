//! Events that were stored with a change and wait to be published.

use async_trait::async_trait;
use domain::port::Outbox;
use domain::port::jobs::Queue;
use domain::port::outbox::Claim;
use domain::{Event, EventId, Failure};

use crate::MemoryStore;

#[async_trait]
impl Outbox for MemoryStore {
    async fn waiting(&self) -> Result<Vec<u8>, Failure> {
        Ok(self.state().events.lanes())
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Event>, Failure> {
        Ok(self.state().events.claim(claim))
    }

    async fn settle(&self, events: &[EventId]) -> Result<(), Failure> {
        let mut state = self.state();
        for id in events {
            state.events.remove(*id);
        }
        Ok(())
    }

    async fn park(&self, queue: Queue, event: &Event, _reason: &str) -> Result<(), Failure> {
        self.state().events.park(queue, *event);
        Ok(())
    }

    async fn parked(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure> {
        Ok(self.state().events.parked(queue, limit))
    }

    async fn release(&self, queue: Queue, ids: &[EventId]) -> Result<usize, Failure> {
        let mut state = self.state();
        let taken = state.events.take(queue, ids);
        state.events.extend(&taken);
        Ok(taken.len())
    }

    async fn discard(&self, queue: Queue, ids: &[EventId]) -> Result<usize, Failure> {
        Ok(self.state().events.take(queue, ids).len())
    }

    async fn backlog(&self) -> Result<(i64, i64), Failure> {
        let (waiting, parked) = self.state().events.backlog();
        let count = |events| i64::try_from(events).unwrap_or(i64::MAX);
        Ok((count(waiting), count(parked)))
    }
}
