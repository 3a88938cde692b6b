//! Adapting derived schemas to our conventions.

use schemars::Schema;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value, json};

use crate::limits::{EVENTS_DEFAULT, PAGE_DEFAULT, PLACE_MAX};
use crate::rest::SummaryStyle;

/// The default page size.
pub(crate) const fn page_limit() -> i64 {
    PAGE_DEFAULT
}

/// The default form of a summary.
pub(crate) const fn bullets() -> SummaryStyle {
    SummaryStyle::Bullets
}

/// The default page number.
pub(crate) const fn first_page() -> i64 {
    1
}

/// The default number of changes.
pub(crate) const fn events_limit() -> i64 {
    EVENTS_DEFAULT
}

/// Makes a schema reject null, for a field that may only be left out.
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

/// Adds an alias of a property, which is read if the property itself is missing.
pub(crate) fn also(schema: &mut Schema, ours: &str, other: &'static str) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties")
        && let Some(Value::Object(rules)) = properties.get(ours)
    {
        let mut rules = rules.clone();
        let description = format!("Another name of `{ours}`, used if that is missing.");
        rules.insert("description".to_owned(), description.into());
        properties.insert(other.to_owned(), rules.into());
    }
}

/// Requires at least one of these properties to be present and not null.
pub(crate) fn one_of(schema: &mut Schema, names: &[&str]) {
    let choices: Vec<Value> = names.iter().map(|name| present(schema, name)).collect();
    schema.insert("anyOf".to_owned(), Value::Array(choices));
}

/// Requires a property to be present and not null.
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

/// Texts are trimmed before they are measured, so one that must not be empty needs more than white space.
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

/// Moves the format of a nullable text to the text alone: tools ignore a format next to two types. The
/// format of an integer is dropped, since it says no more than its bounds.
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

/// In responses, optional fields are left out rather than null, and all integers are counts.
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
