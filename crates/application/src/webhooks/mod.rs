//! Reporting events to other systems.
//!
//! An administrator of the deployment manages webhooks at the [`WebhookDesk`]. [`TellWebhooks`]
//! works on the queue of events: it enqueues a delivery for each webhook that wants an event, under
//! the event's id, so that handling an event twice enqueues it once. [`WebhookRounds`] makes the
//! calls, for each webhook separately: one that does not answer holds up no other.

mod desk;
mod known;
mod reading;
mod rounds;
mod tell;
#[cfg(test)]
mod tests;

pub use desk::{WebhookDesk, WebhookPlan};
pub use reading::Tidings;
pub use rounds::{WebhookRounds, Wording};
pub use tell::TellWebhooks;
