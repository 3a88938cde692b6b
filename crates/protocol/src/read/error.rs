//! Why a request could not be read.

use crate::FieldError;

/// Why a request could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON, or is nested too deeply; the text says which and may be shown to the client.
    #[error("{0}")]
    Malformed(String),
    /// It is JSON, but not an object.
    #[error("the body must be an object")]
    NotAnObject,
    /// Some fields are invalid. Each of them is listed once.
    #[error("some fields are not acceptable")]
    Invalid(Vec<FieldError>),
}
