//! Timestamps.

/// A timestamp in the type of the wire.
pub(crate) fn to_wire(moment: domain::Timestamp) -> protocol::Timestamp {
    protocol::Timestamp::from_millis(moment.as_millis())
}

/// A timestamp from the wire.
pub(crate) const fn from_wire(moment: protocol::Timestamp) -> domain::Timestamp {
    domain::Timestamp::from_millis(moment.as_millis())
}
