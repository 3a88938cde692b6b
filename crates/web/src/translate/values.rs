//! Texts of forms as values of the domain.

use domain::{Refusal, TextError};

/// The value of a field, or which field it is that cannot be one. The form was checked by the same
/// rules before, so this says no only where the two differ.
pub(crate) fn value<T>(field: &'static str, parsed: Result<T, TextError>) -> Result<T, Refusal> {
    parsed.map_err(|error| Refusal::text(field, &error))
}
