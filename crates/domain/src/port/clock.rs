//! What time it is.

use crate::Timestamp;

/// Tells the time. The only source of it, so that tests can hold it still.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}
