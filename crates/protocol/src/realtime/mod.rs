//! The protocol of `/api/ws`: text frames, each a JSON object with a string `type`.
//!
//! A server parses [`ClientFrame`]s with [`read_frame`] and serialises [`ServerFrame`]s; a client
//! serialises the former and deserialises the latter with serde.

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
