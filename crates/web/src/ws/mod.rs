//! Sockets on `/api/ws`.
//!
//! `handshake` opens a socket. From then on one task owns it (`socket`): it reads what the client sends
//! (`conversation`), has commands run (`commands`), and enforces heartbeats, token expiry and limits.
//! Outgoing frames are queued by the connection, and taken from there by the body of the handshake's
//! response (`pipe`). What these sockets share with those of Socket.IO is in `live`.

mod commands;
mod conversation;
mod handshake;
mod pipe;
mod session;
mod socket;
mod summaries;

pub(crate) use handshake::{offered, open};
