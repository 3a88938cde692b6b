//! Thousands of `WebSocket` connections in one thread.

mod crowd;
mod epoll;
mod websocket;

pub(crate) use crowd::{Crowd, Said, Voice};
pub(crate) use epoll::{AT_ONCE, Epoll, Flags};
pub(crate) use websocket::{ACCEPT, Kind, next_frame, put_header, request, unmasked};
