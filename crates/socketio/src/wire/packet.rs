//! Decodes incoming packets.

use std::time::Duration;

use bytes::Bytes;
use engineioxide_core::Str;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use socketioxide_core::Value as Payload;
use socketioxide_core::packet::{Packet as Raw, PacketData};
use socketioxide_core::parser::{Parse as _, ParseConfig, ParseError, ParserState};
use socketioxide_parser_common::CommonParser;

use super::halves;

/// Events that a client library raises by itself, and that no client may send.
const RESERVED: [&str; 6] = [
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
];

/// Bounds on what a client may send.
#[derive(Debug)]
pub(crate) struct Limits(ParseConfig);

impl Limits {
    /// `attachments` is a number of attachments per event, `bytes` their total size, and `time` how long
    /// they may take to arrive.
    pub(crate) const fn new(attachments: usize, bytes: usize, time: Duration) -> Self {
        Self(ParseConfig {
            max_incoming_binary_buf_size: bytes,
            max_incoming_binaries: attachments,
            packet_completion_timeout: time,
        })
    }
}

/// What arrived is not a packet, or not one that a client may send.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Malformed(String);

/// Arguments, and the attachments that they refer to by placeholders.
pub(crate) type Args = (Vec<Value>, Vec<Bytes>);

/// A packet of Socket.IO that a client may send.
#[derive(Debug, PartialEq)]
pub(crate) enum Packet {
    /// Asks to connect to a namespace.
    Connect { namespace: Str, auth: Value },
    /// Leaves a namespace.
    Disconnect { namespace: Str },
    /// Sends an event, and may ask for an answer.
    Event {
        namespace: Str,
        name: String,
        args: Args,
        id: Option<u64>,
        /// Its size on the wire, in bytes.
        size: usize,
    },
    /// Answers an event.
    Ack { namespace: Str, id: u64, args: Args },
}

/// Assembles packets.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// A packet whose attachments are still arriving.
    state: ParserState,
}

impl Parser {
    /// Reads text. Returns `None` while attachments are missing.
    pub(crate) fn text(&self, limits: &Limits, text: Str) -> Result<Option<Packet>, Malformed> {
        whole(CommonParser.decode_str(&limits.0, &self.state, text))
    }

    /// Reads an attachment.
    pub(crate) fn binary(
        &self,
        limits: &Limits,
        bytes: Bytes,
    ) -> Result<Option<Packet>, Malformed> {
        whole(CommonParser.decode_bin(&limits.0, &self.state, bytes))
    }
}

fn whole(read: Result<Raw, ParseError>) -> Result<Option<Packet>, Malformed> {
    match read {
        Ok(packet) => understood(packet).map(Some),
        Err(ParseError::NeedsMoreBinaryData) => Ok(None),
        Err(error) => Err(Malformed(error.to_string())),
    }
}

fn understood(raw: Raw) -> Result<Packet, Malformed> {
    let namespace = raw.ns;
    match raw.inner {
        PacketData::Connect(auth) => Ok(Packet::Connect {
            namespace,
            auth: auth.map_or(Ok(Value::Null), object)?,
        }),
        PacketData::Disconnect => Ok(Packet::Disconnect { namespace }),
        PacketData::Event(payload, id) | PacketData::BinaryEvent(payload, id) => {
            let length = payload.len();
            let (mut args, attachments) = arguments(payload)?;
            let attached: usize = attachments.iter().map(Bytes::len).sum();
            let size = length.saturating_add(attached);
            let name = name(&mut args)?;
            let id = id.and_then(|id| u64::try_from(id).ok());
            let args = (args, attachments);
            Ok(Packet::Event {
                namespace,
                name,
                args,
                id,
                size,
            })
        }
        PacketData::EventAck(payload, id) | PacketData::BinaryAck(payload, id) => Ok(Packet::Ack {
            namespace,
            id: u64::try_from(id).map_err(|error| Malformed(error.to_string()))?,
            args: arguments(payload)?,
        }),
        PacketData::ConnectError(_) => Err(Malformed("only a server refuses".to_owned())),
    }
}

/// The payload of a connecting client is an object, if there is one.
fn object(payload: Payload) -> Result<Value, Malformed> {
    let (json, _) = text_of(payload)?;
    let fields: Map<String, Value> = parsed(json.as_str())?;
    Ok(Value::Object(fields))
}

fn arguments(payload: Payload) -> Result<Args, Malformed> {
    let (json, attachments) = text_of(payload)?;
    Ok((parsed(json.as_str())?, attachments))
}

/// Parses JSON as JavaScript writes it: lone surrogates of strings that were cut become replacement
/// characters.
fn parsed<T: DeserializeOwned>(json: &str) -> Result<T, Malformed> {
    let read = serde_json::from_str(json).or_else(|error| match halves::mended(json) {
        Some(mended) => serde_json::from_str(&mended),
        None => Err(error),
    });
    read.map_err(|error| Malformed(error.to_string()))
}

fn text_of(payload: Payload) -> Result<(Str, Vec<Bytes>), Malformed> {
    match payload {
        Payload::Str(json, attachments) => {
            Ok((json, attachments.map(Vec::from).unwrap_or_default()))
        }
        Payload::Bytes(_) => Err(Malformed("the arguments are no text".to_owned())),
    }
}

/// Takes the name off the front of the arguments.
fn name(args: &mut Vec<Value>) -> Result<String, Malformed> {
    if args.is_empty() {
        return Err(Malformed("an event has a name".to_owned()));
    }
    match args.remove(0) {
        Value::String(name) if RESERVED.contains(&name.as_str()) => {
            Err(Malformed("this name is reserved".to_owned()))
        }
        Value::String(name) => Ok(name),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(Malformed("the name of an event is a string".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const LIMITS: Limits = Limits::new(4, 1_000, Duration::from_mins(1));

    fn read(text: &str) -> Result<Option<Packet>, Malformed> {
        Parser::default().text(&LIMITS, Str::copy_from_slice(text))
    }

    #[test]
    fn what_a_client_may_send_is_understood() {
        let namespace = Str::from("/");
        let auth = json!({ "token": "123" });
        let packet = read(r#"0{"token":"123"}"#).unwrap();
        assert_eq!(packet, Some(Packet::Connect { namespace, auth }));
        let namespace = Str::from("/admin");
        let auth = Value::Null;
        let packet = read("0/admin").unwrap();
        assert_eq!(packet, Some(Packet::Connect { namespace, auth }));
        let namespace = Str::from("/admin");
        let packet = read("1/admin,").unwrap();
        assert_eq!(packet, Some(Packet::Disconnect { namespace }));
        let event = Packet::Event {
            namespace: Str::from("/"),
            name: "hello".to_owned(),
            args: (vec![json!(1), json!([true])], Vec::new()),
            id: Some(12),
            size: 18,
        };
        assert_eq!(read(r#"212["hello",1,[true]]"#).unwrap(), Some(event));
        let ack = Packet::Ack {
            namespace: Str::from("/admin"),
            id: 12,
            args: (vec![json!("yes")], Vec::new()),
        };
        assert_eq!(read(r#"3/admin,12["yes"]"#).unwrap(), Some(ack));
    }

    #[test]
    fn a_text_that_was_cut_in_a_character_is_understood() {
        let packet = read(r#"2["hello","cut \ud83d"]"#).unwrap();
        let Some(Packet::Event { args, .. }) = packet else {
            panic!("this is an event: {packet:?}");
        };
        assert_eq!(args.0, [json!("cut \u{fffd}")]);
    }

    #[test]
    fn a_packet_waits_for_its_attachments() {
        let parser = Parser::default();
        let head = r#"52-["hello",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]"#;
        assert_eq!(parser.text(&LIMITS, Str::from(head)).unwrap(), None);
        let (one, two) = (Bytes::from_static(b"one"), Bytes::from_static(b"two"));
        assert_eq!(parser.binary(&LIMITS, one.clone()).unwrap(), None);
        let packet = parser.binary(&LIMITS, two.clone()).unwrap();
        let Some(Packet::Event { args, .. }) = packet else {
            panic!("this is an event: {packet:?}");
        };
        assert_eq!(args.1, [one, two]);
        assert_eq!(args.0.len(), 2);
    }

    #[test]
    fn what_is_no_packet_is_refused() {
        let deep = format!("2[\"hello\",{}]", "[".repeat(10_000));
        for text in [
            "",
            "abc",
            "4/admin,{\"message\":\"no\"}",
            "7",
            "2",
            "2{}",
            "2[]",
            "2[null]",
            "2[{}]",
            "2[\"connect\"]",
            "2[\"disconnecting\"]",
            "2abc[\"hello\"]",
            "3[\"no id\"]",
            "312{}",
            "399999999999999999999999[]",
            "0[]",
            "0true",
            "0{",
            "5[\"hello\"]",
            "5-[\"hello\"]",
            "5x-[\"hello\"]",
            "55-[\"hello\"]",
            "599999999999999999999-[\"hello\"]",
            "2é",
            "2[\"hello\"",
            &deep,
        ] {
            assert!(read(text).is_err(), "{text:.40}");
        }
    }

    #[test]
    fn attachments_are_bounded() {
        let head = || Str::from(r#"52-["hello",{"_placeholder":true,"num":0}]"#);
        let parser = Parser::default();
        assert_eq!(parser.text(&LIMITS, head()).unwrap(), None);
        assert!(parser.binary(&LIMITS, Bytes::from(vec![0; 1_001])).is_err());
        let parser = Parser::default();
        assert!(
            parser
                .binary(&LIMITS, Bytes::from_static(b"alone"))
                .is_err()
        );
        assert_eq!(parser.text(&LIMITS, head()).unwrap(), None);
        assert!(parser.text(&LIMITS, Str::from(r#"2["hello"]"#)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-7]?[0-9/,\\[\\]{}\"a-zé:-]{0,40}") {
            drop(read(&text));
        }

        #[test]
        fn any_mixture_of_text_and_bytes_is_read_or_refused(
            pieces in prop::collection::vec(
                prop_oneof![
                    r#"5[0-3]-(/a,)?[0-9]?\["x",\{"_placeholder":true,"num":[0-3]\}\]"#.prop_map(Ok),
                    r#"[2-6][0-9]{0,2}-?\["[a-z]{0,3}"\]?"#.prop_map(Ok),
                    prop::collection::vec(any::<u8>(), 0..600).prop_map(Err),
                ],
                0..20,
            ),
        ) {
            let parser = Parser::default();
            for piece in pieces {
                let read = match piece {
                    Ok(text) => parser.text(&LIMITS, Str::from(text)),
                    Err(bytes) => parser.binary(&LIMITS, Bytes::from(bytes)),
                };
                if let Ok(Some(Packet::Event { args, .. })) = read {
                    let attached: usize = args.1.iter().map(Bytes::len).sum();
                    prop_assert!(attached <= 1_000 && args.1.len() <= 4);
                }
            }
        }

        #[test]
        fn any_event_is_read_as_it_was_written(
            namespace in "/[a-z]{0,8}",
            name in "[^\u{0}]{1,20}",
            words in prop::collection::vec(any::<String>(), 0..4),
        ) {
            let args: Vec<Value> = words.into_iter().map(Value::from).collect();
            let encoded = super::super::Encoded::event_with(&namespace, &name, &args, &[]).unwrap();
            let payload = super::super::of_frames(&[encoded.bytes().clone()]);
            let text = String::from_utf8(payload).unwrap();
            let packet = read(text.strip_prefix('4').unwrap());
            if RESERVED.contains(&name.as_str()) {
                prop_assert!(packet.is_err());
            } else {
                let head = if namespace == "/" { 2 } else { namespace.len() + 3 };
                let event = Packet::Event {
                    namespace: Str::from(namespace),
                    name,
                    args: (args, Vec::new()),
                    id: None,
                    size: text.len() - head,
                };
                prop_assert_eq!(packet.unwrap(), Some(event));
            }
        }
    }
}
