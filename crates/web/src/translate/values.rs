//! Parses texts of forms into values of the domain.

use domain::{Refusal, TextError};

/// The value of a field, or a refusal that names the field. The form has checked it by the same
/// rules, so this only fails if the two differ.
pub(crate) fn value<T>(field: &'static str, parsed: Result<T, TextError>) -> Result<T, Refusal> {
    parsed.map_err(|error| Refusal::text(field, &error))
}
