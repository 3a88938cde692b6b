//! The routes: each reads a request, has a use case do it, and answers in the shapes of the wire.
//! Which address leads to which is in `table.rs`.

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
mod webhooks;

use actix_web::{HttpResponse, web};

use crate::error::ApiError;
use crate::state::State;

pub(crate) use table::all;
#[cfg(test)]
pub(crate) use table::places;

/// What a handler answers.
type Answer = Result<HttpResponse, ApiError>;
/// What handlers reach the use cases through.
type App = web::Data<State>;
