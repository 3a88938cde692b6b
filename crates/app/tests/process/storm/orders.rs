//! The instructions to sailors.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The phase of the storm.
#[derive(Clone, Debug)]
pub(super) enum Orders {
    /// Write, join and leave.
    Storm,
    /// Stop writing, and wait until what was written is acknowledged.
    Calm,
    /// Nobody writes any more: these are the last revs of all rooms. Read up to them.
    Over(Arc<BTreeMap<String, i64>>),
}
