//! Connections that become sockets leave HTTP.
//!
//! What serves HTTP keeps two buffers of 8 KiB for each connection, and copies into one of them whatever
//! goes out. A socket needs neither: it is silent for most of its life, and what it is sent is written
//! down already. So the connection ([`line`]) goes on without HTTP once its handshake was answered:
//! what the handshake's handler reads from then on comes right from the connection ([`inward`]), and the
//! body of its answer is written right to it ([`outward`]). Handlers notice nothing of that ([`service`]).

mod entrance;
mod inward;
mod line;
mod outward;
mod service;
#[cfg(test)]
mod tests;

pub(crate) use entrance::Entrance;
pub(crate) use line::introduce;
pub(crate) use outward::LINGER;
pub(crate) use service::{beyond_http, leave_http};
