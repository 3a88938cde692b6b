//! Settings of the queues.

use domain::port::jobs::Patience;

/// Settings of the queues.
#[derive(Clone, Debug)]
pub struct Options {
    /// The prefix of every exchange and queue name. Empty outside of tests.
    pub prefix: String,
    /// How failed events are retried.
    pub patience: Patience,
    /// How many events a queue holds. A full queue refuses new ones, which then stay where they are.
    pub capacity: u32,
    /// How many unsettled deliveries a consumer may hold.
    pub prefetch: u16,
}

impl Options {
    /// This retry policy, and limits that a disk of a few gigabytes can hold.
    pub fn new(patience: Patience) -> Self {
        Self {
            prefix: String::new(),
            patience,
            capacity: 1_000_000,
            prefetch: 64,
        }
    }
}
