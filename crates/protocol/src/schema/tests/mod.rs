//! The schemas against what is read and written.

mod answers;
mod bodies;
mod candidates;
mod queries;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Schemas;

/// Checks values by a schema, and by those that it refers to.
fn validator(schema: &Value, schemas: Schemas) -> Validator {
    let document = json!({
        "allOf": [schema],
        "components": { "schemas": schemas.into_all() },
    });
    jsonschema::options()
        .should_validate_formats(true)
        .build(&document)
        .unwrap()
}
