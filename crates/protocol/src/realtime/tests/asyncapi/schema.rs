//! A validator for the part of JSON Schema that the document uses, and no more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::Timestamp;
use crate::realtime::asyncapi;

/// The document.
pub(super) struct Document(Value);

/// Which keys objects had: under the place of each schema, those of any and those of all.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(BTreeMap<String, Keys>);

#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) any: BTreeSet<String>,
    pub(super) all: BTreeSet<String>,
}

impl Seen {
    fn note(&mut self, place: &str, object: &Map<String, Value>) {
        let keys: BTreeSet<_> = object.keys().cloned().collect();
        if let Some(seen) = self.0.get_mut(place) {
            seen.all.retain(|key| keys.contains(key));
            seen.any.extend(keys);
        } else {
            let (any, all) = (keys.clone(), keys);
            self.0.insert(place.to_owned(), Keys { any, all });
        }
    }

    /// Which keys objects of the schema at this place had, if there were any objects.
    pub(super) fn at(&self, place: &str) -> Option<&Keys> {
        self.0.get(place)
    }
}

impl Document {
    pub(super) fn read() -> Self {
        Self(serde_json::from_str(asyncapi()).unwrap())
    }

    /// What is at a JSON pointer.
    #[track_caller]
    pub(super) fn at(&self, place: &str) -> &Value {
        match self.0.pointer(place) {
            Some(value) => value,
            None => panic!("nothing is at {place}"),
        }
    }

    #[track_caller]
    pub(super) fn object(&self, place: &str) -> &Map<String, Value> {
        self.at(place).as_object().unwrap()
    }

    /// Follows a reference, or several.
    pub(super) fn resolve(&self, place: &str) -> String {
        match self.at(place)["$ref"].as_str() {
            Some(reference) => self.resolve(reference.strip_prefix('#').unwrap()),
            None => place.to_owned(),
        }
    }

    /// The keys of all messages, and where their payloads are described.
    pub(super) fn messages(&self) -> Vec<(String, String)> {
        let place = |key: &String| (key.clone(), format!("/components/messages/{key}/payload"));
        self.object("/components/messages")
            .keys()
            .map(place)
            .collect()
    }

    /// Holds a value to a schema. Objects may have no key that the schema does not name.
    pub(super) fn check(&self, place: &str, value: &Value, seen: &mut Seen) -> Result<(), String> {
        let place = self.resolve(place);
        for (keyword, rule) in self.object(&place) {
            let holds = match &**keyword {
                "description" => true,
                "type" => is_of_type(rule, value),
                "const" => rule == value,
                "enum" => rule.as_array().unwrap().contains(value),
                "format" => is_of_format(rule, value),
                "minimum" => value.as_i64().is_none_or(|it| it >= rule.as_i64().unwrap()),
                "maximum" => value.as_i64().is_none_or(|it| it <= rule.as_i64().unwrap()),
                "minLength" => length(value).is_none_or(|it| it >= rule.as_u64().unwrap()),
                "maxLength" => length(value).is_none_or(|it| it <= rule.as_u64().unwrap()),
                "maxItems" => items(value).is_none_or(|it| it <= rule.as_u64().unwrap()),
                "required" => {
                    let has = |key: &Value| value.get(key.as_str().unwrap()).is_some();
                    !value.is_object() || rule.as_array().unwrap().iter().all(has)
                }
                "properties" => self.check_properties(&place, value, seen)?,
                "additionalProperties" | "propertyNames" | "items" => {
                    self.check_parts(&place, keyword, value, seen)?
                }
                "oneOf" => self.fits_one(&place, value, seen),
                other => panic!("{place} has the keyword {other}"),
            };
            if !holds {
                return Err(format!("{place} {keyword}: {value}"));
            }
        }
        Ok(())
    }

    fn check_properties(&self, at: &str, value: &Value, seen: &mut Seen) -> Result<bool, String> {
        let Some(object) = value.as_object() else {
            return Ok(true);
        };
        seen.note(at, object);
        let known = self.object(&format!("{at}/properties"));
        for (key, value) in object {
            if !known.contains_key(key) {
                return Err(format!("{at} has no property {key}"));
            }
            self.check(&format!("{at}/properties/{key}"), value, seen)?;
        }
        Ok(true)
    }

    /// Holds all parts of a value to one schema. It stands for itself where it is none to hold to.
    fn check_parts(
        &self,
        at: &str,
        keyword: &str,
        value: &Value,
        seen: &mut Seen,
    ) -> Result<bool, String> {
        let parts: Vec<Value> = match (keyword, value) {
            ("items", Value::Array(items)) => items.clone(),
            ("propertyNames", Value::Object(map)) => map.keys().cloned().map(Value::from).collect(),
            ("additionalProperties", Value::Object(map)) => map.values().cloned().collect(),
            _ => Vec::new(),
        };
        for part in parts {
            self.check(&format!("{at}/{keyword}"), &part, seen)?;
        }
        Ok(true)
    }

    fn fits_one(&self, at: &str, value: &Value, seen: &mut Seen) -> bool {
        let branches = 0..self.at(&format!("{at}/oneOf")).as_array().unwrap().len();
        let mut fitting = branches.filter_map(|branch| {
            let mut seen = seen.clone();
            let holds = self.check(&format!("{at}/oneOf/{branch}"), value, &mut seen);
            holds.is_ok().then_some(seen)
        });
        let (Some(one), None) = (fitting.next(), fitting.next()) else {
            return false;
        };
        *seen = one;
        true
    }
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    if let Some(types) = rule.as_array() {
        return types.iter().any(|rule| is_of_type(rule, value));
    }
    match rule.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    }
}

fn is_of_format(rule: &Value, value: &Value) -> bool {
    let Some(text) = value.as_str() else {
        return true;
    };
    match rule.as_str().unwrap() {
        "uuid" => text.len() == 36 && text.parse::<Uuid>().is_ok(),
        "date-time" => text.parse::<Timestamp>().is_ok(),
        other => panic!("there is no format {other}"),
    }
}

fn length(value: &Value) -> Option<u64> {
    value
        .as_str()
        .map(|text| u64::try_from(text.chars().count()).unwrap())
}

fn items(value: &Value) -> Option<u64> {
    value
        .as_array()
        .map(|items| u64::try_from(items.len()).unwrap())
}
