//! Fields of a patch that can be cleared.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use validator::ValidateLength;

/// A patch's change to a field that can be cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// None: the field stays as it is.
    #[default]
    Absent,
    /// The field is cleared.
    Null,
    /// The field is set to this.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field stays as it is.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl Patch<String> {
    /// Treats an empty text, which is what forms send, as clearing the field.
    #[must_use]
    pub fn empty_clears(self) -> Self {
        if matches!(&self, Self::Set(text) if text.is_empty()) {
            Self::Null
        } else {
            self
        }
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    /// The containing struct must skip an absent field; a patch cannot skip itself.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

impl<T: ValidateLength<u64>> ValidateLength<u64> for Patch<T> {
    fn length(&self) -> Option<u64> {
        match self {
            Self::Absent | Self::Null => None,
            Self::Set(value) => value.length(),
        }
    }
}

/// Null clears the field; that it is optional is declared by the containing struct.
impl<T: JsonSchema> JsonSchema for Patch<T> {
    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_clears() {
        let patch = |text: &str| Patch::Set(text.to_owned());
        assert_eq!(patch("").empty_clears(), Patch::Null);
        assert_eq!(patch("a").empty_clears(), patch("a"));
        assert_eq!(Patch::Absent.empty_clears(), Patch::Absent);
        assert_eq!(Patch::Null.empty_clears(), Patch::Null);
    }
}
