//! Sockets: `/api/ws`.
//!
//! `handshake` opens one. From then on one task owns it (`socket`): it reads what the client sends
//! (`conversation`), has it carried out (`commands`, `sends`, `subscribe`), and looks after heartbeats,
//! tokens and limits. A client that subscribes is brought up from where it was by `catching` and
//! `replay`. What goes out waits in the connection's queue and is taken from there by the body of the
//! answer to the handshake (`pipe`). A node's sockets together are in `node`: it hands what the bus tells
//! (`feed`) to the hub, and what the hub misses it reads from the store (`source`); `errands` and
//! `removals` tell people of rooms that they came into or lost.

mod catching;
mod commands;
mod conversation;
mod errands;
mod feed;
mod handshake;
mod node;
mod pipe;
mod rate;
mod removals;
mod replay;
mod sends;
mod session;
mod socket;
mod source;
mod subscribe;
mod told;
mod wire;
mod worker;

pub(crate) use handshake::open;
pub use node::Sockets;
pub(crate) use worker::Worker;
