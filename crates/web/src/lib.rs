//! Tertulia's HTTP interface.
//!
//! `gate` authenticates and rate-limits a request, the forms of `protocol` parse it, a use case of
//! `application` handles it, and `translate` turns the outcome into the shapes of `protocol`.
//! `error` is where error codes meet HTTP statuses, and `finish` adds what every response carries.
//!
//! What may not live here: authorisation decisions, SQL, drivers, and anything else that another
//! interface would have to repeat.

mod answer;
mod body;
mod client;
mod error;
mod file;
mod finish;
mod gate;
mod handover;
mod live;
mod meter;
mod openapi;
mod options;
mod patience;
mod pieces;
mod routes;
mod server;
mod socketio;
mod span;
mod state;
mod tasks;
mod translate;
mod upload;
mod ws;

pub use live::Sockets;
pub use openapi::document as openapi;
pub use options::{Adopt, Cors, MetricsToken, Options};
pub use server::{Door, Handle, open};
pub use state::WrittenMetrics;

use application::webhooks::Tidings;

/// The JSON body of a webhook call, in the shapes of the REST API.
pub fn webhook_body(tidings: Tidings) -> Vec<u8> {
    // Serialising a shape cannot fail.
    serde_json::to_vec(&translate::webhook_event(tidings)).unwrap_or_default()
}
