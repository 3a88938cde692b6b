//! Parsing single JSON values. In a query every value is a text.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};
use uuid::Uuid;

use super::id::parse_id;
use crate::limits::PLACE_MAX;
use crate::rest::SummarySince;
use crate::{FieldCode, Secret, Timestamp, Word};

/// Where the fields come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Body,
    Query,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) code: FieldCode,
    pub(super) message: String,
}

impl Wrong {
    pub(super) fn new(code: FieldCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Parses one kind of value.
pub(super) type Read<T> = fn(Source, &Value) -> Result<T, Wrong>;

/// 2^53, from which on floats cannot represent every integer: a larger float is an integer that is out of
/// range rather than a fraction.
const TOO_GREAT: f64 = 9_007_199_254_740_992.0;

pub(super) fn text(_: Source, value: &Value) -> Result<String, Wrong> {
    plain(value).map(|text| text.trim().to_owned())
}

pub(super) fn verbatim(_: Source, value: &Value) -> Result<String, Wrong> {
    plain(value).map(str::to_owned)
}

pub(super) fn secret(_: Source, value: &Value) -> Result<Secret, Wrong> {
    plain(value).map(Secret::new)
}

pub(super) fn id(_: Source, value: &Value) -> Result<Uuid, Wrong> {
    let text = plain(value)?.trim();
    parse_id(text).ok_or_else(|| Wrong::new(FieldCode::Format, "must be a UUID"))
}

pub(super) fn ids(source: Source, value: &Value) -> Result<Vec<Uuid>, Wrong> {
    let wrong = |code| Wrong::new(code, "must be a list of UUIDs");
    let one = |text: &str| parse_id(text.trim()).ok_or_else(|| wrong(FieldCode::Format));
    match (source, value) {
        (Source::Query, Value::String(list)) => list
            .split(',')
            .filter(|text| !text.trim().is_empty())
            .map(one)
            .collect(),
        (Source::Body, Value::Array(list)) => list
            .iter()
            .map(|item| one(item.as_str().ok_or_else(|| wrong(FieldCode::Type))?))
            .collect(),
        _ => Err(wrong(FieldCode::Type)),
    }
}

pub(super) fn whole(source: Source, value: &Value) -> Result<i64, Wrong> {
    let wrong = || Wrong::new(FieldCode::Type, "must be a whole number");
    let too_great = || Wrong::new(FieldCode::Range, "is out of range");
    match (source, value) {
        (Source::Body, Value::Number(number)) => match whole_part(number) {
            Some(whole) => Ok(whole),
            None if is_too_great(number) => Err(too_great()),
            None => Err(wrong()),
        },
        (Source::Query, Value::String(text)) => {
            let text = text.trim();
            let digits = text.strip_prefix('-').unwrap_or(text);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(wrong());
            }
            // It has only digits, so the only possible error is an overflow.
            text.parse().map_err(|_overflow| too_great())
        }
        _ => Err(wrong()),
    }
}

/// The number, if it has no fractional part: in JSON, 60.0 is as much an integer as 60.
fn whole_part(number: &Number) -> Option<i64> {
    let whole = |float: &f64| float.fract() == 0.0 && float.abs() < TOO_GREAT;
    let of_float = || {
        format!("{:.0}", number.as_f64().filter(whole)?)
            .parse()
            .ok()
    };
    number.as_i64().or_else(of_float)
}

fn is_too_great(number: &Number) -> bool {
    number.is_u64()
        || number
            .as_f64()
            .is_some_and(|number| number.abs() >= TOO_GREAT)
}

pub(super) fn place(source: Source, value: &Value) -> Result<i64, Wrong> {
    let number = whole(source, value)?;
    if (0..=PLACE_MAX).contains(&number) {
        Ok(number)
    } else {
        Err(Wrong::new(
            FieldCode::Range,
            format!("must be from 0 to {PLACE_MAX}"),
        ))
    }
}

pub(super) fn since(source: Source, value: &Value) -> Result<SummarySince, Wrong> {
    match value.as_str().map(str::trim) {
        Some("read") => return Ok(SummarySince::Read),
        Some("join") => return Ok(SummarySince::Join),
        Some(_) | None => (),
    }
    place(source, value)
        .map(SummarySince::Place)
        .map_err(|wrong| {
            let message = format!("must be read, join, or a seq from 0 to {PLACE_MAX}");
            Wrong::new(wrong.code, message)
        })
}

pub(super) fn places(source: Source, value: &Value) -> Result<BTreeMap<Uuid, Option<i64>>, Wrong> {
    let map = value
        .as_object()
        .ok_or_else(|| Wrong::new(FieldCode::Type, "must be an object"))?;
    let mut places = BTreeMap::new();
    for (name, value) in map {
        let id = parse_id(name.trim())
            .ok_or_else(|| Wrong::new(FieldCode::Format, "must have UUIDs as names"))?;
        let place = if value.is_null() {
            None
        } else {
            Some(place(source, value).map_err(|wrong| {
                Wrong::new(wrong.code, format!("each {} or null", wrong.message))
            })?)
        };
        // The fields of an object are unordered, so it would be undefined which of the two counts.
        if places.insert(id, place).is_some() {
            return Err(Wrong::new(FieldCode::Format, "must name each id once"));
        }
    }
    Ok(places)
}

pub(super) fn flag(source: Source, value: &Value) -> Result<bool, Wrong> {
    let read = match source {
        Source::Body => value.as_bool(),
        Source::Query => match value.as_str().map(str::trim) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        },
    };
    read.ok_or_else(|| Wrong::new(FieldCode::Type, "must be true or false"))
}

pub(super) fn time(_: Source, value: &Value) -> Result<Timestamp, Wrong> {
    plain(value)?
        .trim()
        .parse()
        .map_err(|error: crate::TimestampError| Wrong::new(FieldCode::Format, error.to_string()))
}

pub(super) fn word<W: Word>(_: Source, value: &Value) -> Result<W, Wrong> {
    W::find(plain(value)?.trim()).ok_or_else(|| {
        let words: Vec<_> = W::ALL.iter().map(|word| word.as_str()).collect();
        Wrong::new(
            FieldCode::Format,
            format!("must be one of {}", words.join(", ")),
        )
    })
}

pub(super) fn words<W: Word>(_: Source, value: &Value) -> Result<Vec<W>, Wrong> {
    let wrong = |code| {
        let words: Vec<_> = W::ALL.iter().map(|word| word.as_str()).collect();
        Wrong::new(code, format!("must be a list of {}", words.join(", ")))
    };
    let list = value.as_array().ok_or_else(|| wrong(FieldCode::Type))?;
    let one = |item: &Value| {
        let text = item.as_str().ok_or_else(|| wrong(FieldCode::Type))?;
        W::find(text.trim()).ok_or_else(|| wrong(FieldCode::Format))
    };
    list.iter().map(one).collect()
}

pub(super) fn object(_: Source, value: &Value) -> Result<Map<String, Value>, Wrong> {
    let map = value
        .as_object()
        .ok_or_else(|| Wrong::new(FieldCode::Type, "must be an object"))?;
    if has_nul(value) {
        Err(nul())
    } else {
        Ok(map.clone())
    }
}

fn plain(value: &Value) -> Result<&str, Wrong> {
    match value.as_str() {
        Some(text) if text.contains('\0') => Err(nul()),
        Some(text) => Ok(text),
        None => Err(Wrong::new(FieldCode::Type, "must be a string")),
    }
}

fn nul() -> Wrong {
    Wrong::new(FieldCode::Format, "must not contain U+0000")
}

/// The recursion is safe, because the depth of a body is limited.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(has_nul),
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| key.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
