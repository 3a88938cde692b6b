//! How much of it.

use std::time::Duration;

/// What people may upload, and for how long it waits for a message.
#[derive(Clone, Copy, Debug)]
pub struct MediaBounds {
    /// Bytes of one file.
    pub largest: u64,
    /// Bytes of all files of a person; 0 means as many as they like.
    pub quota: u64,
    /// Files that one node takes in at once.
    pub at_once: usize,
    /// For how long a file is kept that hangs nowhere.
    pub kept_loose: Duration,
}

impl Default for MediaBounds {
    fn default() -> Self {
        Self {
            largest: 25 << 20,
            quota: 1 << 30,
            at_once: 16,
            kept_loose: Duration::from_hours(24),
        }
    }
}
