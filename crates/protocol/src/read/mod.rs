//! Parsing requests so that every invalid field is reported at once.
//!
//! A request declares its rules once, on its struct, and [`Request::read`] maps its fields. [`Fields`]
//! notes values of the wrong type; then the rules are checked, and both kinds are reported together.

mod body;
mod bytes;
mod error;
mod field;
mod fields;
mod id;
mod patch;
mod query;
mod request;
mod rules;
mod value;

pub(crate) use body::object;
pub use body::read;
pub use bytes::parse_bytes;
pub use error::ReadError;
pub use field::Field;
pub use fields::{Fields, Names};
pub use id::parse_id;
pub use patch::Patch;
pub use query::{read_pairs, read_query};
pub use request::{Query, Request};
pub(crate) use rules::{
    ADDRESS, EMAIL, NO_CONTROL, USERNAME, address, document, email, no_control, password, username,
};
