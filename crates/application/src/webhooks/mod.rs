//! Telling other systems what happens.
//!
//! An administrator of the deployment keeps webhooks at the [`WebhookDesk`]. [`TellWebhooks`] works on the
//! queue of what happens: it notes for each webhook what that wants to know, under the event's id, so that
//! working twice notes once. [`WebhookRounds`] makes the calls, each webhook's by themselves: one that
//! does not answer holds up nobody else.

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
