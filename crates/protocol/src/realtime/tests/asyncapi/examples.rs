//! The document's examples are frames, and what it allows is what is read.

use serde_json::{Value, json};

use super::schema::{Document, Seen};
use crate::realtime::{ServerFrame, read_frame};

/// Every example of the messages of one side, with the place of its schema.
fn examples(document: &Document, side: &str) -> Vec<(String, Value)> {
    let mut examples = Vec::new();
    for (key, payload) in document.messages() {
        if key.starts_with(side) {
            let place = format!("/components/messages/{key}/examples");
            let list = document.at(&place).as_array().unwrap();
            assert!(!list.is_empty(), "{key}");
            let example = |example: &Value| (payload.clone(), example["payload"].clone());
            examples.extend(list.iter().map(example));
        }
    }
    examples
}

#[test]
fn examples_are_as_their_messages_describe() {
    let document = Document::read();
    for (payload, example) in examples(&document, "") {
        document
            .check(&payload, &example, &mut Seen::default())
            .unwrap();
    }
}

#[test]
fn examples_of_clients_are_read() {
    let document = Document::read();
    for (_, example) in examples(&document, "client") {
        let frame = read_frame(&example.to_string()).unwrap();
        assert_eq!(serde_json::to_value(frame).unwrap(), example);
    }
}

#[test]
fn examples_of_the_server_are_written_as_they_were_read() {
    let document = Document::read();
    for (_, example) in examples(&document, "server") {
        let frame: ServerFrame = serde_json::from_value(example.clone()).unwrap();
        assert_eq!(serde_json::to_value(frame).unwrap(), example);
    }
}

#[test]
fn what_the_document_forbids_to_leave_out_is_required() {
    let document = Document::read();
    for (payload, example) in examples(&document, "client") {
        for key in example.as_object().unwrap().keys() {
            let mut less = example.clone();
            less.as_object_mut().unwrap().remove(key);
            let allowed = document
                .check(&payload, &less, &mut Seen::default())
                .is_ok();
            let read = read_frame(&less.to_string()).is_ok();
            assert_eq!(allowed, read, "{less}");
        }
    }
}

#[test]
fn what_the_document_allows_is_read() {
    let id = "0195b4a0-0000-7000-8000-000000000001";
    let others = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(9_007_199_254_740_991_u64),
        json!(9_007_199_254_740_992_u64),
        json!(""),
        json!("x"),
        json!("x".repeat(64)),
        json!("x".repeat(8000)),
        json!("x".repeat(8001)),
        json!(id),
        json!([]),
        json!([id]),
        json!(vec![id; 10]),
        json!(vec![id; 11]),
        json!(["x"]),
        json!({}),
        json!({ id: 1 }),
        json!({ id: null }),
        json!({ id: -1 }),
        json!({ "x": 1 }),
    ];
    let document = Document::read();
    let mut both = 0;
    for (payload, example) in examples(&document, "client") {
        for key in example.as_object().unwrap().keys() {
            for other in &others {
                let mut frame = example.clone();
                frame[key] = other.clone();
                let allowed = document
                    .check(&payload, &frame, &mut Seen::default())
                    .is_ok();
                let read = read_frame(&frame.to_string()).is_ok();
                // Null is accepted for an optional field, which the document does not mention.
                assert!(allowed == read || read && other.is_null(), "{frame}");
                both += usize::from(allowed && read);
            }
        }
    }
    assert!(both > 50, "{both}");
}
