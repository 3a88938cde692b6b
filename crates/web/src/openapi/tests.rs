//! Checks the document against the table of routes.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::Value;

use super::document::built;
use crate::routes::places;

fn documented() -> BTreeSet<String> {
    let document = built();
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, place)| {
            let methods = place.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

#[test]
fn every_route_is_in_it_and_nothing_else() {
    let everywhere = [Method::OPTIONS, Method::HEAD];
    let served: BTreeSet<String> = places()
        .iter()
        .flat_map(|place| {
            let methods = place.methods().iter();
            let own = methods.filter(|method| !everywhere.contains(method));
            own.map(|method| format!("{method} {}", place.path()))
        })
        .collect();
    assert_eq!(documented(), served);
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, document: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(place)) = map.get("$ref") {
                    let pointer = place.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{place}");
                }
                map.values().for_each(|it| walk(it, document));
            }
            Value::Array(list) => list.iter().for_each(|it| walk(it, document)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
        }
    }
    let document = built();
    walk(&document, &document);
}

#[test]
fn the_copy_is_what_the_server_says() {
    let kept = include_str!("../../../../docs/openapi.json");
    assert!(
        kept == super::document(),
        "docs/openapi.json is out of date: cargo run -- openapi > docs/openapi.json"
    );
}
