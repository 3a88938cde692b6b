//! How the tests read frames.

use serde_json::Value;
use uuid::Uuid;

use crate::FieldError;
use crate::realtime::{ClientFrame, Command, FrameError, read_frame};

/// An id, as text.
pub(super) const ID: &str = "0195b4a0-0000-7000-8000-000000000001";
/// Another one.
pub(super) const OTHER: &str = "0195b4a0-0000-7000-8000-000000000002";

pub(super) fn id(text: &str) -> Uuid {
    text.parse().unwrap()
}

/// Reads a frame that is as it should be.
#[track_caller]
pub(super) fn frame(frame: &Value) -> ClientFrame {
    read_frame(&frame.to_string()).unwrap()
}

/// What a frame that a client writes with our types looks like. It must be read as what it was.
#[track_caller]
pub(super) fn written(frame: &ClientFrame) -> String {
    let json = serde_json::to_string(frame).unwrap();
    assert_eq!(read_frame(&json).as_ref(), Ok(frame));
    json
}

/// The same of a command alone.
#[track_caller]
pub(super) fn command(command: Command) -> String {
    written(&ClientFrame { command, id: None })
}

/// What a client is told about a bad frame: the id that is repeated, and a line for each bad field.
#[track_caller]
pub(super) fn told(frame: &Value) -> String {
    let error = read_frame(&frame.to_string()).unwrap_err();
    let FrameError::Invalid { id, errors } = error else {
        panic!("no bad fields: {frame}")
    };
    let line = |error: &FieldError| format!("{} {}: {}", error.field, error.code, error.message);
    let mut lines: Vec<_> = errors.iter().map(line).collect();
    lines.extend(id.map(|id| format!("to {id}")));
    lines.join("\n")
}
