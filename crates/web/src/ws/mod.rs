//! Sockets: `/api/ws`.
//!
//! `handshake` opens one. From then on one task owns it (`socket`): it reads what the client sends
//! (`conversation`), has it carried out (`commands`), and looks after heartbeats, tokens and limits. What
//! goes out waits in the connection's queue and is taken from there by the body of the answer to the
//! handshake (`pipe`). What these sockets share with those of Socket.IO is in `live`.

mod commands;
mod conversation;
mod handshake;
mod pipe;
mod session;
mod socket;
mod summaries;

pub(crate) use handshake::{offered, open};
