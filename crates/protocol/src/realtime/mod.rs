//! What goes over `/api/ws`: text frames, each a JSON object with a string `type`.
//!
//! A server reads [`ClientFrame`]s with [`read_frame`] and writes [`ServerFrame`]s; a client writes
//! the former and reads the latter, both by serde.

mod ack;
mod asyncapi;
mod close;
mod command;
mod frame;
mod offer;
mod server;
mod words;

pub use ack::{Ack, Subscribed};
pub use asyncapi::asyncapi;
pub use close::CloseCode;
pub use command::{Command, CommandKind, React, Subscribe};
pub use frame::{ClientFrame, FrameError, read_frame};
pub use offer::{BEARER_PREFIX, Offer, SUBPROTOCOL};
pub use server::{ReactionBy, ServerFrame};
pub use words::{MemberOp, MessageOp, NotificationKind, RemovalReason, RoomOp, ServerFrameKind};

#[cfg(test)]
mod tests;
