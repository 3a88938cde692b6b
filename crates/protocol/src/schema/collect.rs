//! Collecting the schemas of a document.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::transform::Transform as _;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use super::rules::{Answered, Trimmed, never_null};
use crate::{Query, Request, Word};

/// Where a document keeps its shared schemas.
const PLACE: &str = "/components/schemas";

/// The shared schemas of a document: asking for a type returns a reference and collects its schema.
pub struct Schemas {
    answers: SchemaGenerator,
    requests: SchemaGenerator,
}

/// A parameter of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it means.
    pub description: String,
    /// Whether it is required.
    pub required: bool,
    /// Its schema.
    pub schema: Value,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = |contract: fn(SchemaSettings) -> SchemaSettings| {
            contract(SchemaSettings::draft2020_12()).with(|settings| {
                settings.definitions_path = PLACE.into();
                settings.meta_schema = None;
            })
        };
        let answers = settings(SchemaSettings::for_serialize).with_transform(Answered);
        let requests = settings(SchemaSettings::for_deserialize).with_transform(Trimmed);
        Self {
            answers: answers.into_generator(),
            requests: requests.into_generator(),
        }
    }
}

impl Schemas {
    /// The schema of a response.
    pub fn answer<T: JsonSchema>(&mut self) -> Value {
        self.answers.subschema_for::<T>().to_value()
    }

    /// The schema of a request body.
    pub fn request<T: Request + JsonSchema>(&mut self) -> Value {
        self.requests.subschema_for::<T>().to_value()
    }

    /// The parameters of a query.
    pub fn query<T: Query + JsonSchema>(&mut self) -> Vec<Parameter> {
        let mut query = T::json_schema(&mut self.requests);
        Trimmed.transform(&mut query);
        let required = query.get("required").and_then(Value::as_array).cloned();
        let required = required.unwrap_or_default();
        let properties = query.remove("properties");
        let properties = properties.as_ref().and_then(Value::as_object).cloned();
        properties
            .unwrap_or_default()
            .into_iter()
            .map(|(name, rules)| parameter(required.iter().any(|it| *it == name), name, rules))
            .collect()
    }

    /// The description of a word.
    pub fn meaning<W: Word + JsonSchema>(word: W) -> Option<String> {
        let set = W::json_schema(&mut SchemaGenerator::default());
        let words = set.get("oneOf").and_then(Value::as_array)?;
        let known = words.iter().find(|known| {
            let name = known.get("const").and_then(Value::as_str);
            name == Some(word.as_str())
        })?;
        Some(known.get("description")?.as_str()?.to_owned())
    }

    /// All collected schemas, by name.
    pub fn into_all(mut self) -> BTreeMap<String, Value> {
        let answers = self.answers.take_definitions(true);
        let requests = self.requests.take_definitions(true);
        requests.into_iter().chain(answers).collect()
    }
}

/// A query has no null: a parameter is either given or absent.
fn parameter(required: bool, name: String, rules: Value) -> Parameter {
    let mut schema = Schema::try_from(rules).unwrap_or_default();
    never_null(&mut schema);
    let description = schema.remove("description");
    let description = description.as_ref().and_then(Value::as_str);
    Parameter {
        name,
        description: description.unwrap_or_default().to_owned(),
        required,
        schema: schema.to_value(),
    }
}
