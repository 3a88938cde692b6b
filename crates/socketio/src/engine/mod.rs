//! Engine.IO: sessions, whatever their transport. A session's state is shared by the threads on which
//! its requests arrive; its tasks and those of its sockets' owners stay on its home, the thread that
//! opened it.

mod heartbeat;
mod home;
mod inward;
mod outward;
mod queue;
mod registry;
mod session;
mod shared;
mod source;
mod state;
mod worker;

pub(crate) use home::{Home, Opening};
pub(crate) use outward::Urgency;
pub use queue::Position;
pub(crate) use session::Session;
pub(crate) use shared::Shared;
pub use source::Source;
pub use state::Transport;
pub(crate) use state::{Claim, Polled};
pub(crate) use worker::Worker;
