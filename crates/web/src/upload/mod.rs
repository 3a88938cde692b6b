//! Uploads: the one file of a form, streamed within a fixed amount of memory.
//!
//! `form.rs` parses `multipart/form-data`; `pump.rs` carries a file from the connection, which
//! belongs to one thread, to the use case, which may run on any.

mod form;
mod pump;

pub(crate) use pump::{taken_in, turned_away};
