//! Parses fields of forms into values of the domain.

use domain::{Edit, Refusal, TextError};
use protocol::Patch;

/// The value of a field, or a refusal that names the field. The form has checked it by the same
/// rules, so this only fails if the two differ.
pub(crate) fn value<T>(field: &'static str, parsed: Result<T, TextError>) -> Result<T, Refusal> {
    parsed.map_err(|error| Refusal::text(field, &error))
}

/// The requested edit, with its value converted.
pub(super) fn edit<T, U>(patch: Patch<T>, convert: impl FnOnce(T) -> U) -> Edit<U> {
    match patch {
        Patch::Absent => Edit::Keep,
        Patch::Null => Edit::Clear,
        Patch::Set(value) => Edit::Set(convert(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_leaves_clears_or_sets() {
        assert_eq!(edit(Patch::<u8>::Absent, u16::from), Edit::Keep);
        assert_eq!(edit(Patch::<u8>::Null, u16::from), Edit::Clear);
        assert_eq!(edit(Patch::Set(1_u8), u16::from), Edit::Set(1));
    }
}
