//! What a request must implement to be parsed.

use validator::Validate;

use super::{Fields, ReadError};

/// The body of a request.
pub trait Request: Validate + Sized {
    /// Whether the body may be empty because all fields are optional.
    const MAY_BE_EMPTY: bool = false;

    /// Takes the fields. Problems are noted there, and an invalid field gets an arbitrary value.
    fn read(fields: &mut Fields) -> Self;
}

/// The query of a request.
pub trait Query: Validate + Sized {
    /// Takes the fields, as [`Request::read`] does.
    fn read(fields: &mut Fields) -> Self;
}

/// Takes the fields, checks the rules, and returns the request or all problems with it.
pub(super) fn finish<T: Validate>(
    mut fields: Fields,
    read: fn(&mut Fields) -> T,
) -> Result<T, ReadError> {
    let request = read(&mut fields);
    fields.checked(request).map_err(ReadError::Invalid)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::FieldCode;

    #[derive(Debug, Validate)]
    struct Wish {
        #[validate(length(min = 1, max = 3))]
        first_part: String,
        #[validate(range(max = 9))]
        forgotten: i64,
    }

    /// Asks for one of the two fields, and holds an invalid value for the other.
    fn wish(fields: &mut Fields) -> Wish {
        Wish {
            first_part: fields.text(("firstPart", &["part"])).required(),
            forgotten: 10,
        }
    }

    fn told(body: serde_json::Value, read: fn(&mut Fields) -> Wish) -> Vec<String> {
        let map: Map<_, _> = serde_json::from_value(body).unwrap();
        let Err(ReadError::Invalid(errors)) = finish(Fields::of_body(map), read) else {
            panic!("nothing was told")
        };
        let line = |error: crate::FieldError| format!("{} {}", error.field, error.message);
        errors.into_iter().map(line).collect()
    }

    #[test]
    fn a_broken_rule_is_told_even_if_nobody_asked_for_the_field() {
        assert_eq!(
            told(json!({ "part": "abcd" }), wish),
            [
                "part must have at most 3 characters",
                "forgotten must be at most 9",
            ]
        );
    }

    #[test]
    fn what_is_missing_or_of_a_wrong_type_breaks_no_rule_besides() {
        for (body, first) in [
            (json!({}), "firstPart is required"),
            (json!({ "firstPart": null }), "firstPart is required"),
            (json!({ "part": 7 }), "part must be a string"),
        ] {
            assert_eq!(told(body, wish), [first, "forgotten must be at most 9"]);
        }
    }

    #[test]
    fn the_first_note_of_a_field_stays() {
        let noted = |fields: &mut Fields| {
            let wish = wish(fields);
            fields.note("firstPart", FieldCode::Format, "is odd");
            fields.note("firstPart", FieldCode::Format, "is even");
            fields.note("beyond", FieldCode::Unknown, "is nowhere");
            Wish {
                forgotten: 0,
                ..wish
            }
        };
        assert_eq!(
            told(json!({ "part": "abcd" }), noted),
            ["part is odd", "beyond is nowhere"]
        );
    }

    #[test]
    fn one_of_several_is_asked_for_unless_one_came_and_was_wrong() {
        let either = |fields: &mut Fields| {
            let first_part = fields.text("firstPart").optional();
            let second = fields.whole("second").optional();
            if first_part.is_none() && second.is_none() {
                fields.note_none_of(["firstPart", "second"]);
            }
            Wish {
                first_part: first_part.unwrap_or_else(|| "a".to_owned()),
                forgotten: 0,
            }
        };
        assert_eq!(
            told(json!({}), either),
            ["firstPart one of firstPart, second is required"]
        );
        assert_eq!(
            told(json!({ "second": "1" }), either),
            ["second must be a whole number"]
        );
    }
}
