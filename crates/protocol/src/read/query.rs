//! Reading a query string.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::request::finish;
use super::{Fields, Query, ReadError};

/// Reads a query, without its `?`. The last of a repeated key counts, and one without a value is as
/// if it were not there. Bytes that are no UTF-8 are read as U+FFFD, as browsers do.
pub fn read_query<T: Query>(query: &str) -> Result<T, ReadError> {
    read_pairs(form_urlencoded::parse(query.as_bytes()))
}

/// Reads fields that were taken apart already, such as pieces of a path, by the rules of a query.
pub fn read_pairs<'a, T: Query>(
    pairs: impl IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
) -> Result<T, ReadError> {
    let map: Map<String, Value> = pairs
        .into_iter()
        .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
        .filter(|(_, value)| value != "")
        .collect();
    finish(Fields::of_query(map), T::read)
}
