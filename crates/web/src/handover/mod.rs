//! Takes a connection that becomes a socket away from the HTTP implementation.
//!
//! The HTTP implementation keeps two buffers of 8 KiB for each connection, and copies everything it sends
//! into one of them. A socket needs neither: it is idle for most of its life, and what it sends is already
//! encoded. So once its handshake has been answered, a connection ([`line`]) goes on without HTTP: the
//! handshake's handler reads directly from the connection ([`inward`]), and the body of its response is
//! written directly to it ([`outward`]). Handlers do not notice ([`service`]).

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
pub(crate) use service::{attend, beyond_http, leave_http};
