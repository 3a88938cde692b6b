//! Engine.IO: sessions, whatever carries them. A session's state is shared by the threads that its
//! requests arrive on; its tasks and its owner's stay on the thread where it was opened, its home.

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
