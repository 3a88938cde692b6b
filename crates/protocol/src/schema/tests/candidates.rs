//! Values on both sides of every bound that a schema names.

use serde_json::{Map, Value, json};

use crate::read::{ADDRESS, EMAIL};

/// An id, as text.
const ID: &str = "0195b4a0-0000-7000-8000-000000000001";

/// Possible values of a property, valid or not.
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

/// An object with all of its members, which are texts, one without the first, and one in which they are
/// any text.
fn whole(property: &Value) -> Vec<Value> {
    let Some(members) = property["properties"].as_object() else {
        return Vec::new();
    };
    let with = |text: fn(&Value) -> Value| -> Map<String, Value> {
        let filled = members.iter().map(|(name, it)| (name.clone(), text(it)));
        filled.collect()
    };
    let all = with(sized);
    let mut less = all.clone();
    less.remove(members.keys().next().unwrap());
    vec![all.into(), less.into(), with(|_| json!("a")).into()]
}

/// A text of the length that a pattern names, if it does.
fn sized(property: &Value) -> Value {
    let pattern = property["pattern"].as_str().unwrap_or_default();
    let named = pattern
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'));
    let length = named.and_then(|(length, _)| length.parse().ok());
    json!("A".repeat(length.unwrap_or(1)))
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
    let (start, end) = match property["pattern"].as_str() {
        Some(EMAIL) => ("", "@b.c"),
        Some(ADDRESS) => ("https://", ""),
        _ => ("", ""),
    };
    let text = |size: usize| {
        let rest = size.saturating_sub(start.len() + end.len());
        json!(format!("{start}{}{end}", "a".repeat(rest)))
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
