//! The document by itself: its form, its references, and that it is whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schema::Document;
use crate::realtime::{CommandKind, ServerFrameKind};

/// Every reference in a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref") {
                // Whatever stands beside a reference is passed over by readers.
                assert_eq!(map.len(), 1, "{value}");
                found.push(reference.as_str().unwrap());
            }
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn pascal(word: &str) -> String {
    let upper = |piece: &str| {
        let (first, rest) = piece.split_at(1);
        first.to_uppercase() + rest
    };
    word.split('_').map(upper).collect()
}

#[test]
fn it_is_an_asyncapi_document() {
    let document = Document::read();
    let keys: Vec<_> = document.object("").keys().map(|key| &**key).collect();
    assert_eq!(
        keys,
        [
            "asyncapi",
            "channels",
            "components",
            "defaultContentType",
            "id",
            "info",
            "operations",
            "servers"
        ]
    );
    assert_eq!(document.at("/asyncapi"), "3.0.0");
    assert_eq!(document.at("/channels/socket/address"), "/api/ws");
    for server in document.object("/servers").values() {
        assert!(["ws", "wss"].contains(&server["protocol"].as_str().unwrap()));
        assert_eq!(server["security"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_referred_to() {
    let document = Document::read();
    let mut found = Vec::new();
    references(document.at(""), &mut found);
    for reference in &found {
        document.at(reference.strip_prefix('#').unwrap());
    }
    for (kind, components) in document.object("/components") {
        for name in components.as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(found.contains(&&*reference), "nobody needs {reference}");
        }
    }
}

#[test]
fn every_command_and_every_frame_has_its_message_and_every_message_its_type() {
    let document = Document::read();
    let mut types: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for (key, payload) in document.messages() {
        let word = document.at(&format!("{payload}/properties/type/const"));
        let word = word.as_str().unwrap();
        assert_eq!(
            document.at(&format!("/components/messages/{key}/name")),
            word
        );
        let side = if key.starts_with("client") {
            "client"
        } else {
            "server"
        };
        let whole = format!("{side}{}", pascal(word));
        // Acks are of several kinds, which their keys tell apart.
        assert!(
            key == whole || word == "ack" && key.starts_with(&whole),
            "{key}"
        );
        types.entry(side).or_default().insert(word.to_owned());
    }
    let commands = CommandKind::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(types["client"], commands);
    let frames = ServerFrameKind::ALL
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(types["server"], frames);
}

#[test]
fn every_message_of_the_channel_is_in_an_operation() {
    let document = Document::read();
    let channel: BTreeSet<_> = document
        .object("/channels/socket/messages")
        .keys()
        .collect();
    let messages = document.messages();
    assert_eq!(channel, messages.iter().map(|(key, _)| key).collect());
    let mut used = BTreeSet::new();
    for (name, operation) in document.object("/operations") {
        let (own, replies) = (&operation["messages"], &operation["reply"]["messages"]);
        let key = |message: &Value| {
            let reference = message["$ref"].as_str().unwrap();
            reference.rsplit('/').next().unwrap().to_owned()
        };
        let own: Vec<_> = own.as_array().unwrap().iter().map(key).collect();
        let replies: Vec<_> = replies.as_array().into_iter().flatten().map(key).collect();
        let all_are = |side: &str| own.iter().all(|key| key.starts_with(side));
        match operation["action"].as_str().unwrap() {
            "receive" => {
                assert_eq!(own, [format!("client{}", pascal(name))]);
                assert!(replies.len() > 1 && replies.contains(&"serverError".to_owned()));
            }
            "send" => assert!(all_are("server") && replies.is_empty(), "{name}"),
            other => panic!("{other}"),
        }
        used.extend(own.into_iter().chain(replies));
    }
    assert_eq!(used.iter().collect::<BTreeSet<_>>(), channel);
}

#[test]
fn everything_is_described() {
    let document = Document::read();
    for (key, payload) in document.messages() {
        for (name, schema) in document.object(&format!("{payload}/properties")) {
            let place = document.resolve(&format!("{payload}/properties/{name}"));
            let described = document.at(&place).get("description").is_some();
            assert!(described || schema.get("const").is_some(), "{key}.{name}");
        }
    }
    for (name, schema) in document.object("/components/schemas") {
        assert!(schema.get("description").is_some(), "{name}");
    }
}
