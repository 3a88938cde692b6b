//! Work that follows from events, in queues inside this process.

mod consumer;
mod line;
mod port;
mod shared;

pub use port::MemoryJobs;
pub use shared::JobSettings;
