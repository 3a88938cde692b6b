//! Group commit: many sends, one transaction.

mod decorator;
mod lane;
mod meter;
mod shared_failure;
#[cfg(test)]
mod tests;

pub use decorator::{GroupCommit, GroupCommitOptions};
