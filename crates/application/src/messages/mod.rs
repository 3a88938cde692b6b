//! Messages.

mod group_commit;
mod mentions;
mod standings;

pub use group_commit::{GroupCommit, GroupCommitOptions};
pub use standings::Standings;
