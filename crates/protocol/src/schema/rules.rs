//! What the derived schemas do not know of our conventions.

use schemars::Schema;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value, json};

use crate::limits::{EVENTS_DEFAULT, PAGE_DEFAULT, PLACE_MAX};
use crate::rest::SummaryStyle;

/// How many items a page has when nobody says.
pub(crate) const fn page_limit() -> i64 {
    PAGE_DEFAULT
}

/// In which form a summary is told when nobody says.
pub(crate) const fn bullets() -> SummaryStyle {
    SummaryStyle::Bullets
}

/// Which page is meant when nobody says.
pub(crate) const fn first_page() -> i64 {
    1
}

/// How many changes are told when nobody says.
pub(crate) const fn events_limit() -> i64 {
    EVENTS_DEFAULT
}

/// It may be left out, and cannot be null.
pub(crate) fn never_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.remove("anyOf") {
        let kept: Vec<Value> = choices.into_iter().filter(|it| !is_null(it)).collect();
        match <[Value; 1]>::try_from(kept) {
            Ok([Value::Object(only)]) => schema.ensure_object().extend(only),
            Ok([other]) => drop(schema.insert("anyOf".to_owned(), json!([other]))),
            Err(several) => drop(schema.insert("anyOf".to_owned(), Value::Array(several))),
        }
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

/// A property has another name, under which it is read where its own is missing.
pub(crate) fn also(schema: &mut Schema, ours: &str, other: &'static str) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties")
        && let Some(Value::Object(rules)) = properties.get(ours)
    {
        let mut rules = rules.clone();
        let description = format!("Another name of `{ours}`, which is read where that is missing.");
        rules.insert("description".to_owned(), description.into());
        properties.insert(other.to_owned(), rules.into());
    }
}

/// At least one of these has to be there, and not null.
pub(crate) fn one_of(schema: &mut Schema, names: &[&str]) {
    let choices: Vec<Value> = names.iter().map(|name| present(schema, name)).collect();
    schema.insert("anyOf".to_owned(), Value::Array(choices));
}

/// That a property is there, and not null.
pub(super) fn present(schema: &Schema, name: &str) -> Value {
    let property = schema.pointer(&format!("/properties/{name}"));
    let kinds = property.and_then(|property| property.get("type"));
    let kind = match kinds {
        Some(Value::Array(kinds)) => kinds.iter().find(|kind| *kind != "null"),
        one => one,
    };
    let kind = kind.cloned().unwrap_or_else(|| Value::from("string"));
    let only = Map::from_iter([(name.to_owned(), json!({ "type": kind }))]);
    json!({ "required": [name], "properties": only })
}

/// A text is trimmed before it is counted: of white space alone nothing would be left.
#[derive(Clone)]
pub(super) struct Trimmed;

impl Transform for Trimmed {
    fn transform(&mut self, schema: &mut Schema) {
        let is_secret = schema.get("format").is_some_and(|it| it == "password");
        let is_filled = schema.get("minLength").is_some_and(|it| it != 0);
        if is_filled && !is_secret && schema.get("pattern").is_none() {
            schema.insert("pattern".to_owned(), Value::from(r"\S"));
        }
        spread(schema);
        transform_subschemas(self, schema);
    }
}

/// Says of a text or null which of the two has a format: tools overlook one beside two types. The format
/// of a number says no more than its bounds.
fn spread(schema: &mut Schema) {
    let kind = schema.get("type").cloned().unwrap_or_default();
    let is_text = kind == json!(["string", "null"]);
    if is_text && let Some(format) = schema.remove("format") {
        schema.remove("type");
        let choices = json!([{ "type": "string", "format": format }, { "type": "null" }]);
        schema.insert("anyOf".to_owned(), choices);
    }
    if kind == "integer" || kind == json!(["integer", "null"]) {
        schema.remove("format");
    }
}

/// What an answer can lack is left out of it and not null, and its numbers count something.
#[derive(Clone)]
pub(super) struct Answered;

impl Transform for Answered {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if schema.get("type").is_some_and(|kind| kind == "integer") {
            counts(schema);
        }
        let required = schema.get("required").cloned().unwrap_or_default();
        let is_required = |name: &str| {
            let names = required.as_array();
            names.is_some_and(|names| names.iter().any(|it| it == name))
        };
        let Some(Value::Object(properties)) = schema.get_mut("properties") else {
            return;
        };
        for (name, property) in properties {
            if !is_required(name)
                && let Ok(property) = property.try_into()
            {
                never_null(property);
            }
        }
    }
}

fn counts(schema: &mut Schema) {
    schema.remove("format");
    for (name, bound) in [("minimum", 0), ("maximum", PLACE_MAX)] {
        schema.ensure_object().entry(name).or_insert(bound.into());
    }
}
