//! Work that follows from a change, on whichever node has time for it.
//!
//! A use case hands its events to the store, which writes them to the outbox in the same
//! transaction as the change. The [`Relay`] moves them to the queues, and each queue has a
//! [`Shift`], which passes every event to the queue's [`Worker`] and reports the verdict. A queue
//! without a worker of its own has [`NoWork`], so that it does not fill up.
//!
//! To react to events of a topic, write a `Worker` and register it where the shifts are started, in
//! `app/src/wiring/jobs`.

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
