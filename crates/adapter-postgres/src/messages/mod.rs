//! Messages: each room's log.

mod amend;
mod append;
mod parts;
mod port;
mod read;
mod touch;
mod whole;

pub(crate) use touch::touch;
pub(crate) use whole::{WholeRow, seen_by, whole};
