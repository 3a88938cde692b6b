//! Checks responses against the OpenAPI document.
//!
//! Every response that a scenario receives is validated: its status, headers and body must be described in
//! the document for that route. So every scenario also tests the document.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

static DOCUMENT: LazyLock<Document> = LazyLock::new(Document::read);

/// Validates a response against the document, unless its path is not in the document.
#[track_caller]
pub(crate) fn check(method: &Method, path: &str, status: u16, headers: &HeaderMap, body: &str) {
    let Some(operation) = DOCUMENT.operation(method, path) else {
        return;
    };
    let asked = format!("{method} {path} answered {status}, {body}");
    let response = DOCUMENT.response(&operation, status);
    let response = response.unwrap_or_else(|| panic!("{asked}: no such answer is described"));
    for name in DOCUMENT.required_headers(&response) {
        assert!(headers.contains_key(&name), "{asked}: it has no {name}");
    }
    let kind = headers.get("content-type").map(|it| it.to_str().unwrap());
    let kind = kind.and_then(|kind| kind.split(';').next());
    match (response["content"].as_object(), kind) {
        (None, None) => {}
        (Some(content), Some(kind)) => {
            let described = content.get(kind).or_else(|| content.get("*/*"));
            let described = described.unwrap_or_else(|| panic!("{asked}: {kind} is not described"));
            if method != Method::HEAD && kind.ends_with("json") {
                DOCUMENT.check_body(&asked, &described["schema"], body);
            }
        }
        (content, kind) => panic!("{asked}: it is {kind:?}, and described is {content:?}"),
    }
}

struct Document {
    whole: Value,
    /// Cached by the schema's text: compiling a validator takes longer than running it.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Document {
    fn read() -> Self {
        Self {
            whole: serde_json::from_str(web::openapi()).unwrap(),
            validators: Mutex::default(),
        }
    }

    /// The operation of a request. If two path patterns match, the one with fewer parameters.
    fn operation(&self, method: &Method, path: &str) -> Option<Value> {
        let places = self.whole["paths"].as_object().unwrap();
        let fitting = places.iter().filter(|(pattern, _)| fits(pattern, path));
        let (_, place) = fitting.min_by_key(|(pattern, _)| pattern.matches('{').count())?;
        let method = match *method {
            Method::HEAD => Method::GET,
            ref other => other.clone(),
        };
        place.get(method.as_str().to_lowercase()).cloned()
    }

    fn response(&self, operation: &Value, status: u16) -> Option<Value> {
        let response = operation["responses"].get(status.to_string())?;
        Some(self.resolved(response).clone())
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(place) => self.whole.pointer(place.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    fn required_headers(&self, response: &Value) -> Vec<String> {
        let headers = response["headers"].as_object().unwrap();
        let required = headers
            .iter()
            .filter(|(_, header)| self.resolved(header)["required"] == true);
        required.map(|(name, _)| name.to_lowercase()).collect()
    }

    fn check_body(&self, asked: &str, schema: &Value, body: &str) {
        let validator = self.validator(schema);
        let body: Value = serde_json::from_str(body).unwrap();
        if let Err(error) = validator.validate(&body) {
            panic!("{asked}: {error} at {}", error.instance_path());
        }
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap();
        let made = validators.entry(schema.to_string()).or_insert_with(|| {
            let schemas = &self.whole["components"]["schemas"];
            let whole = json!({ "allOf": [schema], "components": { "schemas": schemas } });
            let options = jsonschema::options().should_validate_formats(true);
            Arc::new(options.build(&whole).unwrap())
        });
        Arc::clone(made)
    }
}

/// Whether a path matches a pattern.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut pieces) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), pieces.next()) {
            (None, None) => return true,
            (Some(pattern), Some(piece)) if pattern.starts_with('{') || pattern == piece => {}
            _ => return false,
        }
    }
}
