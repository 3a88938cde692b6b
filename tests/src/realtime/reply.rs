//! What was answered to a frame with an id.

use serde_json::Value;

/// An ack, an error or a pong, with what it was for.
#[derive(Debug)]
pub struct Reply {
    pub(crate) asked: Value,
    pub(crate) frame: Value,
}

impl Reply {
    /// The ack that it must be.
    pub fn done(self) -> Value {
        self.of("ack")
    }

    /// The message in the ack that it must be.
    pub fn message(self) -> Value {
        self.done()["message"].take()
    }

    /// The frame, which must be of this type.
    pub fn of(self, kind: &str) -> Value {
        let Self { asked, frame } = self;
        assert_eq!(frame["type"], kind, "{asked} was answered with {frame}");
        frame
    }

    /// The error that it must be, with this code.
    pub fn refused(self, code: &str) -> Value {
        let asked = self.asked.clone();
        let frame = self.of("error");
        assert_eq!(frame["code"], code, "{asked} was answered with {frame}");
        assert!(frame["message"].is_string(), "{frame}");
        frame
    }

    /// The fields that the error names, in alphabetical order.
    pub fn fields(self) -> Vec<String> {
        let error = self.refused("invalid");
        let errors = error["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("{error} names no fields"));
        let mut fields: Vec<_> = errors
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned())
            .collect();
        fields.sort();
        fields
    }

    /// Whether it is an ack.
    pub fn is_done(&self) -> bool {
        self.frame["type"] == "ack"
    }
}
