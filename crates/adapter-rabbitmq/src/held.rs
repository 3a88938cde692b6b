//! What consumers hold until its verdict.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Event;
use lapin::Acker;

/// A delivery without a verdict.
pub(crate) struct Held {
    pub(crate) acker: Acker,
    pub(crate) event: Event,
    pub(crate) attempt: u32,
    /// Whose it is.
    pub(crate) consumer: u64,
}

/// Deliveries by tag. As many as all prefetches together.
#[derive(Default)]
pub(crate) struct Desk(Mutex<Table>);

#[derive(Default)]
struct Table {
    numbers: u64,
    held: HashMap<u64, Held>,
}

impl Desk {
    /// Names a new consumer.
    pub(crate) fn enlist(&self) -> u64 {
        let mut table = self.table();
        table.numbers += 1;
        table.numbers
    }

    /// Keeps a delivery, and names it.
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

    /// Forgets what a consumer held: RabbitMQ delivers it to others.
    pub(crate) fn forget(&self, consumer: u64) {
        self.table()
            .held
            .retain(|_, held| held.consumer != consumer);
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
