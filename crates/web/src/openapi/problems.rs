//! Refusals: one answer for each set of codes that share a status.

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::schema::Schemas;
use protocol::{ErrorCode, FieldCode, FieldError, PROBLEM_JSON, Problem};
use serde_json::{Map, Value, json};

use super::headers;
use crate::error::ApiError;

/// The refusals of the document, which its operations refer to.
#[derive(Default)]
pub(super) struct Problems {
    responses: Map<String, Value>,
    examples: Map<String, Value>,
}

impl Problems {
    /// The responses to an operation that may be refused with these codes, by status.
    pub(super) fn answers(
        &mut self,
        schemas: &mut Schemas,
        codes: &[ErrorCode],
        is_counted: bool,
    ) -> BTreeMap<u16, Value> {
        let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
        // In the order of the full set, so that the same codes get the same name.
        for code in ErrorCode::ALL.iter().filter(|code| codes.contains(code)) {
            let status = example(*code).status;
            by_status.entry(status).or_default().push(*code);
        }
        by_status
            .into_iter()
            .map(|(status, codes)| (status, self.answer(schemas, status, &codes, is_counted)))
            .collect()
    }

    /// The responses, and the examples that they show.
    pub(super) fn into_parts(self) -> (Map<String, Value>, Map<String, Value>) {
        (self.responses, self.examples)
    }

    fn answer(
        &mut self,
        schemas: &mut Schemas,
        status: u16,
        codes: &[ErrorCode],
        is_counted: bool,
    ) -> Value {
        let mut name: String = codes.iter().map(|code| camel(code.as_str())).collect();
        if !is_counted {
            name.push_str("Uncounted");
        }
        let examples = self.examples(codes);
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        self.responses.entry(name).or_insert_with(|| {
            let titles = codes.iter().map(|code| example(*code).title);
            let words = codes.iter().map(|code| code.as_str());
            json!({
                "description": titles.map(|title| format!("{title}.")).collect::<Vec<_>>().join(" "),
                "headers": headers::some(header_names(status, is_counted)),
                "content": { PROBLEM_JSON: {
                    "schema": {
                        "allOf": [schemas.answer::<Problem>()],
                        "properties": {
                            "status": { "const": status },
                            "code": { "enum": words.collect::<Vec<_>>() },
                        },
                    },
                    "examples": examples,
                } },
            })
        });
        reference
    }

    fn examples(&mut self, codes: &[ErrorCode]) -> Value {
        let mut shown = Map::new();
        for code in codes {
            let name = code.as_str();
            let reference = json!({ "$ref": format!("#/components/examples/{name}") });
            shown.insert(name.to_owned(), reference);
            self.examples
                .entry(name)
                .or_insert_with(|| json!({ "value": example(*code) }));
        }
        shown.into()
    }
}

fn header_names(status: u16, is_counted: bool) -> Vec<&'static str> {
    let mut names = vec!["x-request-id"];
    if is_counted {
        names.extend(["RateLimit", "RateLimit-Policy"]);
    }
    match status {
        401 => names.push("WWW-Authenticate"),
        405 => names.push("Allow"),
        429 | 503 => names.push("Retry-After"),
        _ => {}
    }
    names
}

/// An example of a refusal with this code.
fn example(code: ErrorCode) -> Problem {
    let meaning = Schemas::meaning(code).unwrap_or_default();
    let error = ApiError::new(code, meaning.trim_end_matches('.').to_owned());
    let passes = matches!(
        code,
        ErrorCode::RateLimited
            | ErrorCode::TooMany
            | ErrorCode::Unavailable
            | ErrorCode::Overloaded
    );
    let error = if code == ErrorCode::Invalid {
        let field = FieldError::new("content", FieldCode::Required, "is required");
        error.about(vec![field])
    } else if passes {
        error.again_after(Duration::from_secs(5))
    } else {
        error
    };
    error.problem("0195b4a0-0000-7000-8000-00000000000a")
}

/// `not_found` becomes `NotFound`.
fn camel(word: &str) -> String {
    word.split('_').map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
