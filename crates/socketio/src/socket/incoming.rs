//! What a socket receives.

use bytes::Bytes;
use serde::Deserialize as _;
use serde_json::Value;

use super::ack::Ack;
use crate::reason::Reason;

/// What a socket receives.
#[derive(Debug)]
pub enum Incoming {
    /// The client sent an event.
    Event(Event),
    /// The socket is gone, and nothing follows.
    Gone(Reason),
}

/// An event from a client.
#[derive(Debug)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its arguments. In the place of binary data there is a placeholder for one of the attachments:
    /// `{"_placeholder":true,"num":0}`.
    pub args: Vec<Value>,
    /// The binary data that came along.
    pub attachments: Vec<Bytes>,
    /// Answers it, if the client asked for an answer.
    pub ack: Option<Ack>,
}

impl Event {
    /// The attachment that a value refers to, if it is a placeholder.
    pub fn bytes(&self, value: &Value) -> Option<&Bytes> {
        let placeholder = Placeholder::deserialize(value).ok()?;
        let stands = placeholder.stands.then_some(placeholder.num)?;
        self.attachments.get(stands)
    }
}

#[derive(serde::Deserialize)]
struct Placeholder {
    #[serde(rename = "_placeholder")]
    stands: bool,
    num: usize,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_holder_stands_for_its_bytes() {
        let event = Event {
            name: "hello".to_owned(),
            args: Vec::new(),
            attachments: vec![Bytes::from_static(b"zero"), Bytes::from_static(b"one")],
            ack: None,
        };
        let found = |value| event.bytes(&value).map(AsRef::as_ref);
        assert_eq!(
            found(json!({ "_placeholder": true, "num": 1 })),
            Some(&b"one"[..])
        );
        assert_eq!(found(json!({ "_placeholder": true, "num": 2 })), None);
        assert_eq!(found(json!({ "_placeholder": true, "num": -1 })), None);
        assert_eq!(found(json!({ "_placeholder": false, "num": 1 })), None);
        assert_eq!(found(json!("one")), None);
    }
}
