//! The routes: each parses a request, runs a use case, and responds in the shapes of the wire.
//! `table.rs` maps paths to handlers.

mod accounts;
mod chats;
mod cookie;
mod docs;
mod documents;
mod fixed;
mod health;
mod history;
mod invites;
mod me;
mod media;
mod members;
mod messages;
mod metrics;
mod named;
mod page;
mod people;
mod place;
mod push;
mod rooms;
mod sessions;
mod summaries;
mod table;
mod vouching;
mod webhooks;

use actix_web::{HttpResponse, web};

use crate::error::ApiError;
use crate::state::State;

pub(crate) use table::all;
#[cfg(test)]
pub(crate) use table::places;

/// What a handler returns.
type Answer = Result<HttpResponse, ApiError>;
/// How handlers reach the use cases.
type App = web::Data<State>;
