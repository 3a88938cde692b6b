//! Socket.IO: the connection of a client to a namespace, seen from both sides. A seat is what the
//! threads share; a socket is its owner's handle, and stays on the owner's thread.

mod ack;
mod broadcast;
mod crowd;
mod door;
mod handle;
mod handshake;
mod inbox;
mod incoming;
mod seat;
mod seats;

pub use ack::{Ack, Answer};
pub use broadcast::Broadcast;
pub(crate) use crowd::Crowd;
pub use door::Namespaces;
pub(crate) use door::named;
pub(crate) use door::{Doors, greet};
pub use handle::Socket;
pub use handshake::Handshake;
pub use incoming::{Event, Incoming};
pub(crate) use seats::Seats;
