//! Why a request could not be read.

use crate::FieldError;

/// Why a request could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON, or nests too deep; which of them, in words that a client may be shown.
    #[error("{0}")]
    Malformed(String),
    /// It is JSON, but not an object.
    #[error("the body must be an object")]
    NotAnObject,
    /// Some fields are not as they should be. Each of them is named, once.
    #[error("some fields are not acceptable")]
    Invalid(Vec<FieldError>),
}
