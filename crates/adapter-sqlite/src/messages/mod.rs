//! Messages: each room's log.

mod amend;
mod append;
mod port;
mod read;
mod touch;
mod trimmings;

pub(crate) use touch::touch;
pub(crate) use trimmings::{Trimmings, dress};
