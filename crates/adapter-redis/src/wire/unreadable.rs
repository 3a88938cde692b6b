//! Input that cannot be read.

use domain::{BoxError, Rev, Seq, Timestamp};

/// A part of a notice that the domain does not accept.
#[derive(Debug, thiserror::Error)]
#[error("{part} cannot be read")]
pub(crate) struct Unreadable {
    part: &'static str,
    #[source]
    source: BoxError,
}

impl Unreadable {
    pub(crate) fn new(part: &'static str, source: impl Into<BoxError>) -> Self {
        Self {
            part,
            source: source.into(),
        }
    }
}

/// A value that its parser may reject.
pub(super) fn parsed<T, E: Into<BoxError>>(
    part: &'static str,
    value: Result<T, E>,
) -> Result<T, Unreadable> {
    value.map_err(|error| Unreadable::new(part, error))
}

/// An optional value that its parser may reject.
pub(super) fn parsed_if_any<R, T, E: Into<BoxError>>(
    part: &'static str,
    raw: Option<R>,
    parse: impl FnOnce(R) -> Result<T, E>,
) -> Result<Option<T>, Unreadable> {
    raw.map(|raw| parsed(part, parse(raw))).transpose()
}

pub(super) fn seq(number: i64) -> Result<Seq, Unreadable> {
    Seq::new(number).ok_or_else(|| Unreadable::new("a seq", "no place in a room"))
}

pub(super) fn rev(number: i64) -> Result<Rev, Unreadable> {
    Rev::new(number).ok_or_else(|| Unreadable::new("a rev", "no place in a room's log"))
}

pub(super) fn moment(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}
