//! Tells other systems over HTTP.
//!
//! [`WebhookCourier`] carries what webhooks are told, [`WebhookNotifier`] what people who are away are told
//! by the operator's own system, and [`WebPush`] what their browsers are told. The first two sign alike: a notification is one `POST` of JSON to the operator's address, signed as the Standard Webhooks have
//! it: `webhook-id` names it, also when it comes twice; `webhook-signature` is an HMAC-SHA256 over the id,
//! the `webhook-timestamp` and the body. Whoever answers 2xx within the time has taken it.
//!
//! What may not live here: who is told, when, and how often it is tried again.

mod address;
mod body;
mod client;
mod courier;
mod notifier;
mod open_error;
mod push;
mod reach;
mod secret;

pub use courier::WebhookCourier;
pub use notifier::WebhookNotifier;
pub use open_error::OpenError;
pub use push::{Contact, VapidKey, WebPush};
pub use reach::Reach;
