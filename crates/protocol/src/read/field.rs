//! A single field, and how its absence is handled.

use super::{Fields, Patch};
use crate::FieldCode;

/// What was found under a field's name.
#[derive(Debug)]
pub(super) enum Found<T> {
    Absent,
    Null,
    Set(T),
    /// An invalid value, which has already been noted.
    Wrong,
}

/// A field of a request. The method by which it is taken decides whether it may be missing or null.
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

    /// It is required. If it is missing, that is noted and a default returned.
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

    /// It may be missing or null.
    pub fn optional(self) -> Option<T> {
        match self.found {
            Found::Set(value) => Some(value),
            Found::Absent | Found::Null | Found::Wrong => None,
        }
    }

    /// It may be missing or null, and then has this value.
    pub fn or(self, default: T) -> T {
        self.optional().unwrap_or(default)
    }

    /// A change to something that cannot be cleared: it may be missing, but not null.
    pub fn change(self) -> Option<T> {
        if matches!(self.found, Found::Null) {
            self.fields
                .note(self.name, FieldCode::Type, "cannot be null");
        }
        self.optional()
    }

    /// A change to something that null clears.
    pub fn patch(self) -> Patch<T> {
        match self.found {
            Found::Set(value) => Patch::Set(value),
            Found::Null => Patch::Null,
            Found::Absent | Found::Wrong => Patch::Absent,
        }
    }
}

impl Field<'_, String> {
    /// It may be missing, null or an empty text, which is what forms send.
    pub fn filled(self) -> Option<String> {
        self.optional().filter(|text| !text.is_empty())
    }
}
