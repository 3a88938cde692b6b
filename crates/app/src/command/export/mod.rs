//! Exports all data about a person, to answer a request for it.
//!
//! The output is JSON, one line per item, written while it is read, so that memory use is bounded
//! by the page size however much there is.

mod line;
mod rooms;
mod run;

pub(super) use run::run;
