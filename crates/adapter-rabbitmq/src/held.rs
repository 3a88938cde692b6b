//! Deliveries that consumers hold until their verdict.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Event;
use lapin::Acker;

/// A delivery without a verdict.
pub(crate) struct Held {
    pub(crate) acker: Acker,
    pub(crate) event: Event,
    pub(crate) attempt: u32,
    /// The consumer that holds it.
    pub(crate) consumer: u64,
}

/// Deliveries by tag. At most the sum of all prefetch limits.
#[derive(Default)]
pub(crate) struct HeldDeliveries(Mutex<Table>);

#[derive(Default)]
struct Table {
    numbers: u64,
    held: HashMap<u64, Held>,
}

impl HeldDeliveries {
    /// A new consumer's number.
    pub(crate) fn enlist(&self) -> u64 {
        let mut table = self.table();
        table.numbers += 1;
        table.numbers
    }

    /// Stores a delivery, and returns its tag.
    pub(crate) fn keep(&self, held: Held) -> u64 {
        let mut table = self.table();
        table.numbers += 1;
        let tag = table.numbers;
        table.held.insert(tag, held);
        tag
    }

    pub(crate) fn take(&self, tag: u64) -> Option<Held> {
        self.table().held.remove(&tag)
    }

    /// Forgets what a consumer held: RabbitMQ redelivers it to others.
    pub(crate) fn forget(&self, consumer: u64) {
        self.table()
            .held
            .retain(|_, held| held.consumer != consumer);
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
