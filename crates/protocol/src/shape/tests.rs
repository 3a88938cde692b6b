//! Each shape full and bare, so that a change of the wire shows itself.
