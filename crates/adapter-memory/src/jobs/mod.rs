//! Work that follows from events, in queues inside this process.

mod backlog;
mod consumer;
mod port;
mod shared;

pub use port::MemoryJobs;
pub use shared::JobSettings;
