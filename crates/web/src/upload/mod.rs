//! Files on their way in: the one file of a form, piece by piece, within fixed memory.
//!
//! `form.rs` reads `multipart/form-data`; `pump.rs` carries a file from the connection, which belongs to
//! one thread, to the use case, which does not.

mod form;
mod pump;

pub(crate) use pump::{taken_in, turned_away};
