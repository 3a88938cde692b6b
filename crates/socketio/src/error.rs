//! What can fail.

use serde_json::Value;

use crate::wire::EncodeError;

/// Why a packet was not queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The queue is full: the client reads more slowly than it is sent to.
    #[error("the outgoing queue is full")]
    Full,
    /// The socket is gone.
    #[error("the socket is gone")]
    Gone,
}

/// Why an event was not emitted.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// It was not queued.
    #[error(transparent)]
    Send(#[from] SendError),
    /// It could not be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Why there is no answer to an event.
#[derive(Debug, thiserror::Error)]
pub enum AckError {
    /// The client did not answer in time.
    #[error("the client did not answer in time")]
    TimedOut,
    /// The event was not queued, too many answers are pending, or the socket is gone.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The event could not be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Why a client may not connect to a namespace, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConnectError {
    /// For humans.
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
