//! Appending messages to their rooms' logs.
//!
//! A batch takes a few statements that read everything it touches, a decision on each message in turn,
//! made in memory, and a few small statements per message that write the result. All of it runs on the
//! only writing thread, so what was read is still current when it is written.

mod known;
mod run;
mod write;

pub(super) use run::append;
pub(super) use write::mention;
