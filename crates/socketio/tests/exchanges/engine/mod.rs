//! Engine.IO 4.

mod closing;
mod handshake;
mod heartbeat;
mod messages;
mod upgrade;
