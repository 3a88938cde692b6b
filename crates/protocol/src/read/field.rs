//! One field, and what its absence means.

use super::{Fields, Patch};
use crate::FieldCode;

/// What there was under a field's name.
#[derive(Debug)]
pub(super) enum Found<T> {
    Absent,
    Null,
    Set(T),
    /// Something else, of which a note is taken already.
    Wrong,
}

/// One field that was asked for. What it may lack is said by how it is taken.
#[derive(Debug)]
#[must_use = "a field that is not taken was asked for in vain"]
pub struct Field<'a, T> {
    fields: &'a mut Fields,
    name: &'static str,
    found: Found<T>,
}

impl<'a, T> Field<'a, T> {
    pub(super) fn new(fields: &'a mut Fields, name: &'static str, found: Found<T>) -> Self {
        Self {
            fields,
            name,
            found,
        }
    }

    /// It must be there. Where it is not, a note is taken and its place filled with anything.
    pub fn required(self) -> T
    where
        T: Default,
    {
        match self.found {
            Found::Set(value) => value,
            Found::Wrong => T::default(),
            Found::Absent | Found::Null => {
                self.fields
                    .note(self.name, FieldCode::Required, "is required");
                T::default()
            }
        }
    }

    /// It may be missing, and null is as good as missing.
    pub fn optional(self) -> Option<T> {
        match self.found {
            Found::Set(value) => Some(value),
            Found::Absent | Found::Null | Found::Wrong => None,
        }
    }

    /// It may be missing and has a value then.
    pub fn or(self, default: T) -> T {
        self.optional().unwrap_or(default)
    }

    /// It changes something that cannot be cleared: missing it changes nothing, and null is wrong.
    pub fn change(self) -> Option<T> {
        if matches!(self.found, Found::Null) {
            self.fields
                .note(self.name, FieldCode::Type, "cannot be null");
        }
        self.optional()
    }

    /// It changes something that null clears.
    pub fn patch(self) -> Patch<T> {
        match self.found {
            Found::Set(value) => Patch::Set(value),
            Found::Null => Patch::Null,
            Found::Absent | Found::Wrong => Patch::Absent,
        }
    }
}

impl Field<'_, String> {
    /// It may be missing, and an empty text, which is what forms send, is as good as missing.
    pub fn filled(self) -> Option<String> {
        self.optional().filter(|text| !text.is_empty())
    }
}
