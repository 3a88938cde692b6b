//! Names that nobody else has.

use domain::{Id, Timestamp};
use uuid::Uuid;

/// A new id. Those made later are greater, as those of the real source are.
#[expect(
    clippy::disallowed_methods,
    reason = "the suite is its own source of ids: the port is among what it tests"
)]
pub fn fresh<T: Id>() -> T {
    T::from_uuid(Uuid::now_v7())
}

/// A name that starts so and that no other test has. At most 25 characters beyond the start.
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

/// A moment, so many milliseconds after the suite's beginning of time.
pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

/// Ids that nothing has, and more of them than any statement takes as values of its own.
pub fn unknown<T: Id>() -> impl Iterator<Item = T> {
    std::iter::repeat_with(fresh).take(40_000)
}

/// A moment, so many milliseconds after one that lies decades ahead: whatever lasts until then, no
/// server lets expire by its own clock while a test looks.
pub fn ahead(millis: i64) -> Timestamp {
    Timestamp::from_millis(4_102_444_800_000 + millis)
}
