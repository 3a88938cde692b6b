//! How queues behave.

use domain::port::jobs::Patience;

/// How queues behave.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the name of every exchange and queue begins with. Nothing, outside of tests.
    pub prefix: String,
    /// How an event is tried again.
    pub patience: Patience,
    /// How many events a queue holds. A full queue refuses new ones, which wait where they are.
    pub capacity: u32,
    /// How many events a consumer is handed before its first verdict.
    pub prefetch: u16,
}

impl Options {
    /// These terms, and bounds that a disk of a few gigabytes bears.
    pub fn new(patience: Patience) -> Self {
        Self {
            prefix: String::new(),
            patience,
            capacity: 1_000_000,
            prefetch: 64,
        }
    }
}
