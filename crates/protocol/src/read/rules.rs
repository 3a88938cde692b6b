//! Validation rules beyond lengths and ranges, and the errors for broken ones.

use std::borrow::Cow;

use serde_json::{Map, Value};
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use super::Patch;
use super::value::Wrong;
use crate::limits::{PASSWORD_BYTES, PASSWORD_MIN, PROFILE_BYTES};
use crate::{FieldCode, Secret};

/// Reports the first broken rule of each field of the struct.
pub(super) fn translate(broken: ValidationErrors) -> Vec<(Cow<'static, str>, Wrong)> {
    broken
        .into_errors()
        .into_iter()
        .map(|(member, kind)| {
            let first = match kind {
                ValidationErrorsKind::Field(errors) => errors.into_iter().next(),
                // Only requests that nest others have these; the field would be wrong as a whole.
                ValidationErrorsKind::Struct(_) | ValidationErrorsKind::List(_) => None,
            };
            let error = first.unwrap_or_else(|| ValidationError::new("format"));
            (member, wrong(&error))
        })
        .collect()
}

/// Whether a struct's field, such as `display_name`, is this field of the wire, such as `displayName`.
pub(super) fn is_member(member: &str, name: &str) -> bool {
    let plain = member.bytes().filter(|byte| *byte != b'_');
    plain
        .map(|byte| byte.to_ascii_lowercase())
        .eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}

fn wrong(error: &ValidationError) -> Wrong {
    match error.code.as_ref() {
        "length" => length(error),
        "range" => range(error),
        code => {
            let code = FieldCode::ALL.iter().find(|known| known.as_str() == code);
            let message = error
                .message
                .clone()
                .unwrap_or(Cow::Borrowed("is not acceptable"));
            Wrong::new(code.copied().unwrap_or(FieldCode::Format), message)
        }
    }
}

fn length(error: &ValidationError) -> Wrong {
    let bound = |name: &str| error.params.get(name).and_then(Value::as_u64);
    let (is_list, length) = match error.params.get("value") {
        Some(Value::Array(list)) => (true, list.len()),
        Some(Value::String(text)) => (false, text.chars().count()),
        _ => (false, 0),
    };
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    let unit = if is_list { "items" } else { "characters" };
    match (bound("min"), bound("max")) {
        (Some(min), _) if length < min => {
            let code = if is_list {
                FieldCode::TooFew
            } else {
                FieldCode::TooShort
            };
            let message = match min {
                1 => "must not be empty".to_owned(),
                min => format!("must have at least {min} {unit}"),
            };
            Wrong::new(code, message)
        }
        (_, max) => {
            let code = if is_list {
                FieldCode::TooMany
            } else {
                FieldCode::TooLong
            };
            Wrong::new(
                code,
                format!("must have at most {} {unit}", max.unwrap_or(0)),
            )
        }
    }
}

fn range(error: &ValidationError) -> Wrong {
    let bound = |name: &str| error.params.get(name).and_then(Value::as_i64);
    let message = match (bound("min"), bound("max")) {
        (Some(min), Some(max)) => format!("must be from {min} to {max}"),
        (Some(min), None) => format!("must be at least {min}"),
        (None, Some(max)) => format!("must be at most {max}"),
        (None, None) => "is out of range".to_owned(),
    };
    Wrong::new(FieldCode::Range, message)
}

fn refuse(code: FieldCode, message: impl Into<Cow<'static, str>>) -> ValidationError {
    ValidationError::new(code.as_str()).with_message(message.into())
}

fn demand(holds: bool, message: &'static str) -> Result<(), ValidationError> {
    if holds {
        Ok(())
    } else {
        Err(refuse(FieldCode::Format, message))
    }
}

/// What [`email`] accepts, as a pattern.
pub(crate) const EMAIL: &str = concat!(
    r"^[^\s\u0000-\u001f\u007f-\u009f@]+",
    r"@[^\s\u0000-\u001f\u007f-\u009f@.]+(\.[^\s\u0000-\u001f\u007f-\u009f@.]+)*$"
);
/// What [`username`] accepts, as a pattern.
pub(crate) const USERNAME: &str = r"^[A-Za-z0-9_.\-]*$";
/// What [`no_control`] accepts, as a pattern that also requires something to be left after trimming.
pub(crate) const NO_CONTROL: &str = concat!(
    r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f]",
    r"[^\u0000-\u001f\u007f-\u009f]*$"
);

/// What [`address`] accepts, as a pattern.
pub(crate) const ADDRESS: &str = r"^\s*https?://[^\s\u0000-\u001f\u007f-\u009f]*\s*$";

/// Accepts an HTTP or HTTPS URL without white space. Whether it can be reached is not checked here.
pub(crate) fn address(text: &str) -> Result<(), ValidationError> {
    let has_scheme = text.starts_with("https://") || text.starts_with("http://");
    let odd = |c: char| c.is_whitespace() || c.is_control();
    let holds = has_scheme && !text.contains(odd);
    demand(
        holds,
        "must be an address that begins with https:// or http://",
    )
}

/// Accepts a local part, `@`, and a domain. Only sending a mail to it could prove more.
pub(crate) fn email(text: &str) -> Result<(), ValidationError> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
    let holds = text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !local.contains(odd)
            && !domain.contains(odd)
            && domain.split('.').all(|label| !label.is_empty())
    });
    demand(holds, "must be an e-mail address")
}

/// `[A-Za-z0-9_.-]`.
pub(crate) fn username(text: &str) -> Result<(), ValidationError> {
    let holds = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    demand(holds, "must be letters, digits, '_', '.' and '-' only")
}

/// Accepts texts without control characters.
pub(crate) fn no_control(text: &str) -> Result<(), ValidationError> {
    demand(
        !text.chars().any(char::is_control),
        "must be free of control characters",
    )
}

/// The minimum is in characters, as people count, and the maximum in bytes, as bcrypt does.
pub(crate) fn password(password: &Secret) -> Result<(), ValidationError> {
    let text = password.reveal();
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    if length < PASSWORD_MIN {
        let message = format!("must have at least {PASSWORD_MIN} characters");
        return Err(refuse(FieldCode::TooShort, message));
    }
    if text.len() > PASSWORD_BYTES {
        let message = format!("must have at most {PASSWORD_BYTES} bytes");
        return Err(refuse(FieldCode::TooLong, message));
    }
    Ok(())
}

/// Limits a profile document by its serialised size, as it will be stored.
pub(crate) fn document(profile: &Patch<Map<String, Value>>) -> Result<(), ValidationError> {
    let size = match profile {
        Patch::Set(map) => serde_json::to_vec(map).map_or(usize::MAX, |bytes| bytes.len()),
        Patch::Absent | Patch::Null => 0,
    };
    if size > PROFILE_BYTES {
        return Err(refuse(
            FieldCode::TooLong,
            format!("must have at most {PROFILE_BYTES} bytes of JSON"),
        ));
    }
    Ok(())
}
