//! Giving messages their places.
//!
//! A batch is a few statements that read all it touches, a decision on each message in turn, made in
//! memory, and a few small statements a message that write what was decided. All of it runs on the one
//! thread that writes, so what was read is still true when it is written.

mod known;
mod run;
mod write;

pub(super) use run::append;
pub(super) use write::mention;
