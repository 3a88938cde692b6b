//! What a request must say of itself to be read.

use validator::Validate;

use super::{Fields, ReadError};

/// The body of a request.
pub trait Request: Validate + Sized {
    /// Whether an empty body will do, every field being optional.
    const MAY_BE_EMPTY: bool = false;

    /// Takes the fields. What is wrong with one is noted there, and its place is filled with anything.
    fn read(fields: &mut Fields) -> Self;
}

/// The query of a request.
pub trait Query: Validate + Sized {
    /// Takes the fields, as [`Request::read`] does.
    fn read(fields: &mut Fields) -> Self;
}

/// Takes the fields, checks the rules, and answers with the request or all that is wrong with it.
pub(super) fn finish<T: Validate>(
    mut fields: Fields,
    read: fn(&mut Fields) -> T,
) -> Result<T, ReadError> {
    let request = read(&mut fields);
    if let Err(broken) = request.validate() {
        fields.note_rules(broken);
    }
    let problems = fields.into_problems();
    if problems.is_empty() {
        Ok(request)
    } else {
        Err(ReadError::Invalid(problems))
    }
}
