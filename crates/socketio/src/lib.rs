#![doc = include_str!("../README.md")]
//!
//! # How it is built
//!
//! `wire` encodes and decodes frames, payloads and packets. `engine` is Engine.IO: sessions, queues,
//! heartbeats. `socket` is Socket.IO on top of it: namespaces, events, acknowledgements, rooms. `http`
//! routes requests to their sessions. [`frames`] bounds the frames of any WebSocket, and
//! [`page_may_connect`] says who may open it, not only those of Socket.IO.
//!
//! What may not live here: anything that only a single application of Socket.IO would need.

mod engine;
mod error;
pub mod frames;
mod http;
mod lock;
mod options;
mod reason;
mod server;
mod socket;
mod wire;

pub use engine::{Position, Source, Transport};
pub use error::{AckError, ConnectError, EmitError, SendError};
pub use http::page_may_connect;
pub use options::{Bounds, Cookie, Cors, Options, Origins, Overflow};
pub use reason::Reason;
pub use server::IoServer;
pub use socket::{Ack, Answer, Broadcast, Event, Handshake, Incoming, Namespaces, Socket};
pub use wire::{EncodeError, Encoded};
