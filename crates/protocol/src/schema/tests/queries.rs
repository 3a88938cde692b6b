//! The schema of a parameter allows exactly what its parser accepts.

use form_urlencoded::Serializer;
use schemars::JsonSchema;
use serde_json::{Map, Value};

use super::super::{Parameter, Schemas};
use super::{candidates, validator};
use crate::rest::{
    CookieQuery, DeliveriesQuery, EventsQuery, HistoryQuery, MembersQuery, NamedHistoryQuery,
    NumberedQuery, PageQuery, PeopleQuery, RemoveQuery, RoomsQuery, SearchQuery, SummaryQuery,
    UsersQuery,
};
use crate::{Query, read_query};

struct Form {
    parameters: Vec<Parameter>,
    is_read: fn(&str) -> bool,
}

fn form<T: Query + JsonSchema>() -> Form {
    Form {
        parameters: Schemas::default().query::<T>(),
        is_read: |query| read_query::<T>(query).is_ok(),
    }
}

fn forms() -> Vec<Form> {
    vec![
        form::<CookieQuery>(),
        form::<DeliveriesQuery>(),
        form::<EventsQuery>(),
        form::<HistoryQuery>(),
        form::<MembersQuery>(),
        form::<NamedHistoryQuery>(),
        form::<NumberedQuery>(),
        form::<PageQuery>(),
        form::<PeopleQuery>(),
        form::<RemoveQuery>(),
        form::<RoomsQuery>(),
        form::<SearchQuery>(),
        form::<SummaryQuery>(),
        form::<UsersQuery>(),
    ]
}

impl Form {
    /// A query with all required parameters and this one.
    fn with(&self, name: &str, text: &str) -> String {
        let mut query = Serializer::new(String::new());
        for parameter in &self.parameters {
            if parameter.required && parameter.name != name {
                query.append_pair(&parameter.name, "0195b4a0-0000-7000-8000-000000000001");
            }
        }
        query.append_pair(name, text).finish()
    }
}

/// A value as it appears in a query; `None` if it cannot, or if it would count as missing.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().filter_map(text).collect();
            texts.join(",")
        }
        Value::Null | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A text as the type of the parameter has it.
fn value(parameter: &Parameter, text: &str) -> Value {
    let parsed = || serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    match parameter.schema["type"].as_str().unwrap() {
        "array" => text.split(',').map(Value::from).collect(),
        "integer" | "boolean" => parsed(),
        _ => Value::from(text),
    }
}

#[test]
fn bounds_are_where_they_are_said_to_be() {
    for form in forms() {
        for parameter in &form.parameters {
            let rules = validator(&parameter.schema, Schemas::default());
            let candidates = candidates::of(&parameter.schema, &Map::new());
            let texts = candidates.iter().filter_map(text);
            let (allowed, refused): (Vec<String>, Vec<String>) = texts.partition(|text| {
                let is_allowed = rules.is_valid(&value(parameter, text));
                let query = form.with(&parameter.name, text);
                assert_eq!(is_allowed, (form.is_read)(&query), "{query:.200}");
                is_allowed
            });
            let both = !allowed.is_empty() && !refused.is_empty();
            assert!(both, "{parameter:?}");
        }
    }
}

#[test]
fn parameters_are_as_required_as_they_are_said_to_be() {
    for form in forms() {
        let needs_some = form.parameters.iter().any(|it| it.required);
        assert_eq!((form.is_read)(""), !needs_some, "{:?}", form.parameters);
    }
}
