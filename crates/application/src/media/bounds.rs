//! Limits on uploads.

use std::time::Duration;

/// What users may upload, and how long an upload is kept before it is attached.
#[derive(Clone, Copy, Debug)]
pub struct MediaBounds {
    /// The maximum size of a file in bytes.
    pub largest: u64,
    /// The maximum total size of a user's files in bytes; 0 means without limit.
    pub quota: u64,
    /// How many uploads one node receives concurrently.
    pub at_once: usize,
    /// How long a file is kept that is not attached to anything.
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
