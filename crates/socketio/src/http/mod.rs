//! The door for HTTP: which request is for which session, what it may not ask for, polls, posts, and each
//! WebSocket.

mod body;
mod cors;
mod line;
mod poll;
mod post;
mod refusal;
mod request;
mod route;
mod websocket;

pub(crate) use route::serve;
