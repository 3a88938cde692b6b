//! How requests fail, and how that is reported to clients.

mod api_error;
mod reasons;
mod words;

pub(crate) use api_error::ApiError;
