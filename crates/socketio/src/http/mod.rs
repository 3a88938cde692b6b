//! HTTP: routes requests to their sessions, refuses what they may not do, and serves polls, posts and
//! WebSocket connections.

mod body;
mod cors;
mod line;
mod poll;
mod post;
mod refusal;
mod request;
mod route;
mod websocket;

pub use cors::page_may_connect;
pub(crate) use route::serve;
