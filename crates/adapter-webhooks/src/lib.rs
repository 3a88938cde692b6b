//! Calls other systems over HTTP.
//!
//! [`HttpWebhookSender`] delivers webhooks, [`WebhookNotifier`] delivers notifications for users who
//! are away to the operator's own system, and [`WebPush`] delivers them to browsers. The first two sign
//! alike: each call is one `POST` of JSON, signed as in the Standard Webhooks specification.
//! `webhook-id` identifies it, also when it is repeated; `webhook-signature` is an HMAC-SHA256 over the
//! id, the `webhook-timestamp` and the body. A 2xx response within the time limit accepts it.
//!
//! What may not live here: who is notified, when, and how often a delivery is retried.

mod address;
mod body;
mod client;
mod notifier;
mod open_error;
mod push;
mod reach;
mod secret;
mod webhook_sender;

pub use notifier::WebhookNotifier;
pub use open_error::OpenError;
pub use push::{Contact, VapidKey, WebPush};
pub use reach::Reach;
pub use webhook_sender::HttpWebhookSender;
