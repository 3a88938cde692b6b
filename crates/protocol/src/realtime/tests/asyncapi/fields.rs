//! The document and the types have the same fields, and lack the same.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::{Document, Seen};
use crate::realtime::tests::samples;
use crate::realtime::{ClientFrame, ServerFrame};

/// The place of the one message that describes this frame; acks are told apart by what they carry.
fn describes(document: &Document, side: &str, frame: &Value, seen: &mut Seen) -> String {
    let mut fitting = Vec::new();
    let mut why_not = Vec::new();
    for (key, payload) in document.messages() {
        let kind = document.at(&format!("{payload}/properties/type/const"));
        if !key.starts_with(side) || *kind != frame["type"] {
            continue;
        }
        match document.check(&payload, frame, &mut Seen::default()) {
            Ok(()) => fitting.push(payload),
            Err(why) => why_not.push(why),
        }
    }
    assert_eq!(
        fitting.len(),
        1,
        "{frame} fits {fitting:?}, and not others: {why_not:?}"
    );
    let payload = fitting.remove(0);
    document.check(&payload, frame, seen).unwrap();
    payload
}

/// Shows everything that the types can write to the document.
fn show_all(document: &Document) -> (Seen, BTreeSet<String>) {
    let (mut seen, mut described) = (Seen::default(), BTreeSet::new());
    for command in samples::commands() {
        for id in [None, Some(7)] {
            let command = command.clone();
            let frame = serde_json::to_value(ClientFrame { command, id }).unwrap();
            described.insert(describes(document, "client", &frame, &mut seen));
        }
    }
    for frame in samples::frames() {
        let frame = serde_json::to_value::<ServerFrame>(frame).unwrap();
        described.insert(describes(document, "server", &frame, &mut seen));
    }
    (seen, described)
}

#[test]
fn the_types_write_what_the_document_describes() {
    let document = Document::read();
    let (_, described) = show_all(&document);
    let all: BTreeSet<_> = document
        .messages()
        .into_iter()
        .map(|(_, place)| place)
        .collect();
    assert_eq!(described, all);
}

/// The places of all schemas of objects with properties, down from here.
fn objects(document: &Document, place: &str, found: &mut BTreeSet<String>) {
    match document.at(place) {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) {
                found.insert(place.to_owned());
            }
            for key in map.keys() {
                objects(document, &format!("{place}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for index in 0..list.len() {
                objects(document, &format!("{place}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn properties_are_what_is_written_and_required_is_what_always_is() {
    let document = Document::read();
    let (seen, _) = show_all(&document);
    let mut places = BTreeSet::new();
    objects(&document, "/components/schemas", &mut places);
    for (_, payload) in document.messages() {
        objects(&document, &payload, &mut places);
    }
    assert!(places.len() > 40, "{places:?}");
    for place in places {
        let schema = document.at(&place);
        let keys = seen
            .at(&place)
            .unwrap_or_else(|| panic!("nothing is written as {place}"));
        let properties: BTreeSet<_> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(
            keys.any.iter().collect::<BTreeSet<_>>(),
            properties,
            "{place}"
        );
        let required = schema["required"].as_array().into_iter().flatten();
        let required: BTreeSet<_> = required.map(|key| key.as_str().unwrap()).collect();
        let always: BTreeSet<_> = keys.all.iter().map(|key| &**key).collect();
        assert_eq!(always, required, "{place}");
    }
}
