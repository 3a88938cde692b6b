//! How requests fail, and what clients are told about it.

mod api_error;
mod reasons;
mod words;

pub(crate) use api_error::ApiError;
