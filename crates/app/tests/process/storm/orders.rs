//! What sailors are told to do.

use std::collections::BTreeMap;
use std::sync::Arc;

/// How things stand.
#[derive(Clone, Debug)]
pub(super) enum Orders {
    /// Write, and come and go.
    Storm,
    /// Write no more, and see that what was written is acknowledged.
    Calm,
    /// Nobody writes any more: these are the last revs of all rooms. Read up to them.
    Over(Arc<BTreeMap<String, i64>>),
}
