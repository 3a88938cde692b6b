//! What goes over the wire: WebSocket frames as they leave, payloads of polls, and packets as they come
//! in. Nothing here waits, and nothing here knows of sessions.

mod encoded;
mod frame;
mod halves;
mod packet;
mod payload;

pub use encoded::{EncodeError, Encoded};
pub(crate) use frame::{close, count, ping, pong, text};
pub(crate) use packet::{Limits, Malformed, Packet, Parser};
pub(crate) use payload::{SEPARATOR, of_frames};
