//! Moments.

/// A moment as the wire writes it.
pub(crate) fn to_wire(moment: domain::Timestamp) -> protocol::Timestamp {
    protocol::Timestamp::from_millis(moment.as_millis())
}

/// A moment that the wire wrote.
pub(crate) const fn from_wire(moment: protocol::Timestamp) -> domain::Timestamp {
    domain::Timestamp::from_millis(moment.as_millis())
}
