//! The wire formats: outgoing WebSocket frames, payloads of polls, and incoming packets. Nothing here
//! waits, or knows about sessions.

mod encoded;
mod frame;
mod halves;
mod packet;
mod payload;

pub use encoded::{EncodeError, Encoded};
pub(crate) use frame::{close, count, ping, pong, text};
pub(crate) use packet::{Limits, Malformed, Packet, Parser};
pub(crate) use payload::{SEPARATOR, of_frames};
