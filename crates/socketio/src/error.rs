//! What may not go well.

use serde_json::Value;

use crate::wire::EncodeError;

/// Why something was not taken to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// There is no place: the client does not read as fast as it is told.
    #[error("there is no place for more")]
    Full,
    /// The socket is gone.
    #[error("the socket is gone")]
    Gone,
}

/// Why an event was not emitted.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// It was not taken to be sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// It could not be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Why an event was not answered.
#[derive(Debug, thiserror::Error)]
pub enum AckError {
    /// The client did not answer in time.
    #[error("the client did not answer in time")]
    TimedOut,
    /// The event was not taken to be sent, or too many answers are waited for, or the socket is gone.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The event could not be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Why somebody may not connect to a namespace, as the client is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConnectError {
    /// For people.
    pub message: String,
    /// For programs.
    pub data: Option<Value>,
}

impl ConnectError {
    /// A refusal without data.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            data: None,
        }
    }

    /// A refusal with data.
    pub fn with_data(message: impl Into<String>, data: Value) -> Self {
        Self {
            message: message.into(),
            data: Some(data),
        }
    }
}
