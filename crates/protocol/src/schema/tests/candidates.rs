//! Values on both sides of every bound that a schema names.

use serde_json::{Map, Value, json};

use crate::read::EMAIL;

/// An id, as text.
const ID: &str = "0195b4a0-0000-7000-8000-000000000001";

/// What might stand under a property, acceptable or not.
pub(super) fn of(property: &Value, schemas: &Map<String, Value>) -> Vec<Value> {
    let mut found = vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(""),
        json!(" \n"),
        json!("a"),
        json!("a b@c"),
        json!("añ\u{7}"),
        json!("0"),
        json!("true"),
        json!(ID),
        json!(ID.replace('-', "")),
        json!("2026-01-02T03:04:05Z"),
        json!("2026-01-02"),
        json!([]),
        json!(["7"]),
        json!([7]),
        json!({}),
        json!({ "a": [1, null] }),
    ];
    found.extend(words(property, schemas));
    let of_lists = words(&property["items"], schemas);
    found.extend(of_lists.into_iter().map(|word| json!([word])));
    found.extend(property["enum"].as_array().into_iter().flatten().cloned());
    found.extend(bounds(property));
    found.extend(whole(property));
    found
}

/// An object with all of its members, which are texts, and one without the first.
fn whole(property: &Value) -> Vec<Value> {
    let Some(members) = property["properties"].as_object() else {
        return Vec::new();
    };
    let all: Map<String, Value> = members.keys().map(|it| (it.clone(), json!("a"))).collect();
    let mut less = all.clone();
    less.remove(members.keys().next().unwrap());
    vec![all.into(), less.into()]
}

/// The words of a closed set, wherever the property refers to it.
fn words(property: &Value, schemas: &Map<String, Value>) -> Vec<Value> {
    let choices = property["anyOf"].as_array().cloned().unwrap_or_default();
    let places = [property].into_iter().chain(&choices);
    places
        .filter_map(|it| it["$ref"].as_str()?.strip_prefix("#/components/schemas/"))
        .flat_map(|name| schemas[name]["oneOf"].as_array().unwrap())
        .map(|word| word["const"].clone())
        .collect()
}

/// Just within and just beyond.
fn bounds(property: &Value) -> Vec<Value> {
    let around = |keyword: &str| {
        let bound = property[keyword].as_i64();
        bound.map(|bound| [bound - 1, bound, bound + 1])
    };
    let sizes = |keyword: &str| {
        let sizes = around(keyword).into_iter().flatten();
        sizes.filter_map(|size| usize::try_from(size).ok())
    };
    let of_email = property["pattern"] == EMAIL;
    let text = |size: usize| {
        if of_email {
            json!(format!("{}@b.c", "a".repeat(size.saturating_sub(4))))
        } else {
            json!("a".repeat(size))
        }
    };
    let ids = |size: usize| json!(vec![ID; size]);
    let numbers = ["minimum", "maximum"].into_iter();
    let numbers = numbers.filter_map(around).flatten().map(Value::from);
    numbers
        .chain(sizes("minLength").map(text))
        .chain(sizes("maxLength").map(text))
        .chain(sizes("minItems").map(ids))
        .chain(sizes("maxItems").map(ids))
        .collect()
}
