//! The response to a frame with an id.

use serde_json::Value;

/// An ack, an error or a pong, with the frame that it responds to.
#[derive(Debug)]
pub struct Reply {
    pub(crate) asked: Value,
    pub(crate) frame: Value,
}

impl Reply {
    /// Asserts that it is an ack, and returns it.
    pub fn done(self) -> Value {
        self.of("ack")
    }

    /// Asserts that it is an ack, and returns the message in it.
    pub fn message(self) -> Value {
        self.done()["message"].take()
    }

    /// Asserts that it is of this type, and returns the frame.
    pub fn of(self, kind: &str) -> Value {
        let Self { asked, frame } = self;
        assert_eq!(frame["type"], kind, "{asked} was answered with {frame}");
        frame
    }

    /// Asserts that it is an error with this code, and returns it.
    pub fn refused(self, code: &str) -> Value {
        let asked = self.asked.clone();
        let frame = self.of("error");
        assert_eq!(frame["code"], code, "{asked} was answered with {frame}");
        assert!(frame["message"].is_string(), "{frame}");
        frame
    }

    /// The invalid fields that the error names, in alphabetical order.
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
