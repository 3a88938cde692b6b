//! What must happen after a change, on whichever node has time for it.
//!
//! A change hands its events to the store, which writes them to the outbox in the same transaction. The
//! [`Relay`] carries them over to the queues, and each queue has a [`Shift`], which hands every event to
//! the queue's [`Worker`] and says what became of it. A queue without a worker of its own has
//! [`NoWork`], so that it does not fill.
//!
//! To have something happen after events of a topic, write a `Worker` and register it where the shifts
//! begin, in `app/src/wiring/jobs`.

mod bell;
mod meter;
mod relay;
mod shift;
#[cfg(test)]
mod tests;
mod worker;

pub use bell::{Bell, RingingBus};
pub use relay::{Relay, Step};
pub use shift::Shift;
pub use worker::{NoWork, Worker};
