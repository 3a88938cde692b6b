//! Tertulia's door for HTTP.
//!
//! A request comes in through `gate` (who is it, and not too often), is read by the forms of
//! `protocol`, handed to a use case of `application`, and its outcome is put into the shapes of
//! `protocol` by `translate`. `error` is where error codes and HTTP statuses meet, and `finish` puts
//! on every answer what every answer carries.
//!
//! What may not live here: decisions about who may do what, SQL, drivers, anything that another door
//! would have to repeat.

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
mod translate;
mod upload;
mod ws;

pub use live::Sockets;
pub use openapi::document as openapi;
pub use options::{Adopt, Cors, MetricsToken, Options};
pub use server::{Door, Handle, open};
pub use state::WrittenMetrics;

use application::webhooks::Tidings;

/// What a webhook is told, in JSON, as REST tells it.
pub fn webhook_body(tidings: Tidings) -> Vec<u8> {
    // A shape can always be written.
    serde_json::to_vec(&translate::webhook_event(tidings)).unwrap_or_default()
}
