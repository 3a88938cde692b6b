//! Fresh ids and names.

use domain::{Id, Timestamp};
use uuid::Uuid;

/// A new id. Later ones are larger, as those of the real source are.
#[expect(
    clippy::disallowed_methods,
    reason = "the suite is its own source of ids: the port is among what it tests"
)]
pub fn fresh<T: Id>() -> T {
    T::from_uuid(Uuid::now_v7())
}

/// A name with this start that no other test has. At most 25 characters beyond the start.
pub fn unique(start: &str) -> String {
    let tail: String = fresh::<domain::EventId>()
        .as_uuid()
        .simple()
        .to_string()
        .chars()
        .skip(8)
        .take(24)
        .collect();
    format!("{start}{tail}")
}

/// A moment this many milliseconds after the suite's epoch.
pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

/// Ids that do not exist, more than any statement takes as separate parameters.
pub fn unknown<T: Id>() -> impl Iterator<Item = T> {
    std::iter::repeat_with(fresh).take(40_000)
}

/// A moment this many milliseconds after one that lies decades ahead: what lasts until then is not
/// expired by a server's own clock during a test.
pub fn ahead(millis: i64) -> Timestamp {
    Timestamp::from_millis(4_102_444_800_000 + millis)
}
