//! Texts that must not appear in a log.

use std::fmt::{self, Debug};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use validator::ValidateLength;

/// A password or a token. Its `Debug` output does not reveal it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Unwraps the text.
    pub fn into_revealed(self) -> String {
        self.0
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl ValidateLength<u64> for Secret {
    fn length(&self) -> Option<u64> {
        ValidateLength::<u64>::length(&self.0)
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    /// Tools that render the schema as a form mask the input.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "password" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_itself_on_the_wire_only() {
        let secret = Secret::new("correct horse");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(
            serde_json::to_string(&secret).unwrap(),
            r#""correct horse""#
        );
    }
}
