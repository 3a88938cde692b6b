//! The wire protocol: requests, responses, frames, errors, and the rules of their fields.
//!
//! A client could be written on this crate alone: bodies and commands serialise, responses and frames
//! deserialise. A server reads bodies with [`read`], queries with [`read_query`] and frames with
//! [`realtime::read_frame`], which report every invalid field at once.
//!
//! What may not live here: what a request does, who may make it, which HTTP status an error has, and
//! the name of any other crate of ours. This crate checks form, never what is stored.

mod error;
pub mod limits;
mod read;
pub mod realtime;
pub mod rest;
pub mod schema;
mod secret;
pub mod shape;
mod timestamp;
mod word;

pub use error::{ErrorCode, FieldCode, FieldError, PROBLEM_JSON, Problem};
pub use read::{
    Field, Fields, Names, Patch, Query, ReadError, Request, parse_bytes, parse_id, read,
    read_pairs, read_query,
};
pub use secret::Secret;
pub use timestamp::{Timestamp, TimestampError};
pub use word::Word;
