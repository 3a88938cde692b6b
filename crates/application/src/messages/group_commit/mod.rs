//! Group commit: many sends, one transaction.

mod decorator;
mod lane;
mod meter;
#[cfg(test)]
mod tests;

pub use decorator::{GroupCommit, GroupCommitOptions};
