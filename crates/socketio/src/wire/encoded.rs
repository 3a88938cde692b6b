//! Encodes events.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use socketioxide_core::parser::{Parse as _, ParserError};
use socketioxide_core::{Str, Value as Payload};
use socketioxide_parser_common::CommonParser;

use super::frame::{self, BINARY, Frames, TEXT};

/// The arguments cannot be encoded as JSON.
#[derive(Debug, thiserror::Error)]
#[error("the arguments cannot be encoded as JSON")]
pub struct EncodeError(#[source] ParserError);

/// An event, encoded once for any number of sockets: whole WebSocket frames, headers included. Clones
/// share the bytes. For a client that polls, its payload is made from the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    bytes: Bytes,
    frames: usize,
}

impl Encoded {
    /// Encodes an event of a namespace. A tuple or an array becomes several arguments, anything else a
    /// single one. Whatever serializes as bytes, such as [`Bytes`], becomes an attachment.
    pub fn event<T: ?Sized + Serialize>(
        namespace: &str,
        name: &str,
        args: &T,
    ) -> Result<Self, EncodeError> {
        let (json, attachments) = written(args, Some(name))?;
        Ok(Self::packet('2', namespace, None, &json, &attachments))
    }

    /// Encodes an event whose arguments are JSON values, with attachments that they refer to by
    /// placeholders (`{"_placeholder":true,"num":0}`), as in [`Event`](crate::Event).
    pub fn event_with(
        namespace: &str,
        name: &str,
        args: &[Value],
        attachments: &[Bytes],
    ) -> Result<Self, EncodeError> {
        let mut all = Vec::with_capacity(args.len().saturating_add(1));
        all.push(Value::from(name));
        all.extend_from_slice(args);
        let json = array(&all)?;
        Ok(Self::packet('2', namespace, None, &json, attachments))
    }

    /// Encodes an event that asks for an answer.
    pub(crate) fn asking<T: ?Sized + Serialize>(
        namespace: &str,
        name: &str,
        args: &T,
        id: u64,
    ) -> Result<Self, EncodeError> {
        let (json, attachments) = written(args, Some(name))?;
        Ok(Self::packet('2', namespace, Some(id), &json, &attachments))
    }

    /// Encodes the answer to an event.
    pub(crate) fn ack<T: ?Sized + Serialize>(
        namespace: &str,
        id: u64,
        args: &T,
    ) -> Result<Self, EncodeError> {
        let (json, attachments) = written(args, None)?;
        Ok(Self::packet('3', namespace, Some(id), &json, &attachments))
    }

    /// The same, with arguments that are JSON values.
    pub(crate) fn ack_with(
        namespace: &str,
        id: u64,
        args: &[Value],
        attachments: &[Bytes],
    ) -> Result<Self, EncodeError> {
        let json = array(args)?;
        Ok(Self::packet('3', namespace, Some(id), &json, attachments))
    }

    /// A packet without attachments: to connect, refuse or disconnect a client.
    pub(crate) fn plain(kind: char, namespace: &str, json: &str) -> Self {
        Self::packet(kind, namespace, None, json, &[])
    }

    /// An Engine.IO packet that carries no Socket.IO packet.
    pub(crate) fn engine(packet: &str) -> Self {
        Self {
            bytes: frame::text(packet),
            frames: 1,
        }
    }

    /// Takes frames that were encoded elsewhere, such as several events in one piece.
    ///
    /// Returns `None` if these are not whole unmasked frames.
    pub fn from_frames(bytes: Bytes) -> Option<Self> {
        let mut frames = 0_usize;
        let mut rest = Frames(&bytes);
        for _ in rest.by_ref() {
            frames = frames.saturating_add(1);
        }
        let whole = rest.0.is_empty();
        whole.then_some(Self { bytes, frames })
    }

    /// The frames.
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// How many frames these are: one, and one for each attachment.
    pub const fn frames(&self) -> usize {
        self.frames
    }

    /// Attachments turn an event (2) into a binary event (5), and an ack (3) into a binary ack (6).
    fn packet(
        kind: char,
        namespace: &str,
        id: Option<u64>,
        json: &str,
        attachments: &[Bytes],
    ) -> Self {
        let mut head = String::from('4');
        match (kind, attachments.len()) {
            ('2', count @ 1..) => head.extend(["5", &count.to_string(), "-"]),
            ('3', count @ 1..) => head.extend(["6", &count.to_string(), "-"]),
            (kind, _) => head.push(kind),
        }
        if namespace != "/" {
            head.push_str(namespace);
            head.push(',');
        }
        if let Some(id) = id {
            head.push_str(&id.to_string());
        }
        let length = head.len().saturating_add(json.len());
        let attached: usize = attachments.iter().map(|bytes| bytes.len() + 10).sum();
        let mut buffer = Vec::with_capacity(length.saturating_add(attached).saturating_add(10));
        frame::write_header(&mut buffer, TEXT, length);
        buffer.extend_from_slice(head.as_bytes());
        buffer.extend_from_slice(json.as_bytes());
        for attachment in attachments {
            frame::write(&mut buffer, BINARY, attachment);
        }
        Self {
            bytes: Bytes::from(buffer),
            frames: attachments.len().saturating_add(1),
        }
    }
}

fn written<T: ?Sized + Serialize>(
    args: &T,
    event: Option<&str>,
) -> Result<(Str, Vec<Bytes>), EncodeError> {
    let value = CommonParser
        .encode_value(args, event)
        .map_err(EncodeError)?;
    match value {
        Payload::Str(json, attachments) => {
            let attachments = attachments.map(Vec::from).unwrap_or_default();
            Ok((json, attachments))
        }
        // The parser only encodes text.
        Payload::Bytes(_) => Ok((Str::from("[]"), Vec::new())),
    }
}

fn array(values: &[Value]) -> Result<String, EncodeError> {
    serde_json::to_string(values).map_err(|error| EncodeError(ParserError::new(error)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(encoded: &Encoded) -> Vec<Vec<u8>> {
        Frames(encoded.bytes())
            .map(|(_, payload)| payload.to_vec())
            .collect()
    }

    #[test]
    fn a_tuple_is_several_arguments_and_a_list_is_one() {
        let several = Encoded::event("/", "hello", &(1, "two")).unwrap();
        assert_eq!(texts(&several), [br#"42["hello",1,"two"]"#]);
        let one = Encoded::event("/", "hello", &vec![1, 2]).unwrap();
        assert_eq!(texts(&one), [br#"42["hello",[1,2]]"#]);
        let none = Encoded::event_with("/", "hello", &[], &[]).unwrap();
        assert_eq!(texts(&none), [br#"42["hello"]"#]);
    }

    #[test]
    fn a_namespace_and_an_id_go_before_the_arguments() {
        let event = Encoded::asking("/admin", "hello", &1, 7).unwrap();
        assert_eq!(texts(&event), [br#"42/admin,7["hello",1]"#]);
        let ack = Encoded::ack("/admin", 7, &json!({ "ok": true })).unwrap();
        assert_eq!(texts(&ack), [br#"43/admin,7[{"ok":true}]"#]);
    }

    #[test]
    fn bytes_follow_in_frames_of_their_own() {
        let bytes = Bytes::from_static(&[1, 2, 3]);
        let event = Encoded::event("/", "hello", &(&bytes, 1)).unwrap();
        assert_eq!(event.frames(), 2);
        let expected = br#"451-["hello",{"_placeholder":true,"num":0},1]"#.to_vec();
        assert_eq!(texts(&event), [expected, vec![1, 2, 3]]);
        let args = [json!({ "_placeholder": true, "num": 0 })];
        let ack = Encoded::ack_with("/", 3, &args, &[bytes]).unwrap();
        let expected = br#"461-3[{"_placeholder":true,"num":0}]"#.to_vec();
        assert_eq!(texts(&ack), [expected, vec![1, 2, 3]]);
    }

    #[test]
    fn frames_of_others_are_counted() {
        let one = Encoded::event("/", "one", &1).unwrap();
        let two = Encoded::event("/", "two", &2).unwrap();
        let both = [one.bytes().as_ref(), two.bytes().as_ref()].concat();
        let both = Encoded::from_frames(Bytes::from(both)).unwrap();
        assert_eq!(both.frames(), 2);
        assert_eq!(Encoded::from_frames(one.bytes().slice(1..)), None);
    }
}
