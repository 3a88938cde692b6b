//! Frames of the clients, and parsing them.

use serde::Serialize;
use serde_json::Value;

use super::{Command, CommandKind};
use crate::read::object;
use crate::{FieldError, Fields};

/// A frame of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClientFrame {
    /// The command.
    #[serde(flatten)]
    pub command: Command,
    /// The client's id of this frame, from 0 to 2^53 - 1. The answer repeats it; without one there is no
    /// ack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
}

/// Why a frame could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It violates the protocol: the connection is closed with [`CloseCode::Breach`].
    ///
    /// [`CloseCode::Breach`]: super::CloseCode::Breach
    #[error("the frame is no JSON object with a string type")]
    Breach,
    /// Fields are invalid: the client gets an [`ErrorCode::Invalid`], and the connection stays open.
    ///
    /// [`ErrorCode::Invalid`]: crate::ErrorCode::Invalid
    #[error("some fields are not acceptable")]
    Invalid {
        /// The frame's id, unless that is invalid itself.
        id: Option<u64>,
        /// Each invalid field, once.
        errors: Vec<FieldError>,
    },
}

/// Parses a text frame by the rules of a body: if a key is repeated, its last value is used, unknown keys
/// are ignored, and anything nested deeper than [`BODY_DEPTH`] is rejected.
///
/// The caller must limit the size of the frame beforehand.
///
/// [`BODY_DEPTH`]: crate::limits::BODY_DEPTH
pub fn read_frame(text: &str) -> Result<ClientFrame, FrameError> {
    let map = object(text.as_bytes(), false).map_err(|_whatever_it_is| FrameError::Breach)?;
    if !matches!(map.get("type"), Some(Value::String(_))) {
        return Err(FrameError::Breach);
    }
    let mut fields = Fields::of_body(map);
    let id = fields.place("id").optional();
    // It cannot be negative: `place` has checked that.
    let id = id.and_then(|id| u64::try_from(id).ok());
    let invalid = |errors| FrameError::Invalid { id, errors };
    let Some(kind) = fields.word::<CommandKind>("type").optional() else {
        return Err(invalid(fields.into_problems()));
    };
    let command = Command::read(kind, &mut fields);
    let command = fields.checked(command).map_err(invalid)?;
    Ok(ClientFrame { command, id })
}
