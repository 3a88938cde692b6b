//! How the tests read requests.

use std::fmt::Debug;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{FieldError, Query, ReadError, Request, read, read_query};

/// An id, as text.
pub(super) const ID: &str = "0195b4a0-0000-7000-8000-000000000001";
/// Another one.
pub(super) const OTHER: &str = "0195b4a0-0000-7000-8000-000000000002";

pub(super) fn id(text: &str) -> Uuid {
    text.parse().unwrap()
}

/// Reads a body that is as it should be.
#[track_caller]
pub(super) fn body<T: Request + Debug>(body: &Value) -> T {
    read(body.to_string().as_bytes()).unwrap()
}

/// Reads a query that is as it should be.
#[track_caller]
pub(super) fn query<T: Query + Debug>(query: &str) -> T {
    read_query(query).unwrap()
}

/// What a body that a client writes with our types looks like. It must be read as what it was.
#[track_caller]
pub(super) fn written<T: Request + Serialize + PartialEq + Debug>(request: &T) -> String {
    let json = serde_json::to_string(request).unwrap();
    assert_eq!(read::<T>(json.as_bytes()).unwrap(), *request);
    json
}

/// What a client is told about a bad body: a line for each bad field.
#[track_caller]
pub(super) fn told<T: Request + Debug>(body: &Value) -> String {
    lines(read::<T>(body.to_string().as_bytes()).unwrap_err())
}

/// What a client is told about a bad query.
#[track_caller]
pub(super) fn told_of_query<T: Query + Debug>(query: &str) -> String {
    lines(read_query::<T>(query).unwrap_err())
}

#[track_caller]
fn lines(error: ReadError) -> String {
    let ReadError::Invalid(errors) = error else {
        panic!("no bad fields: {error:?}")
    };
    let line = |error: &FieldError| format!("{} {}: {}", error.field, error.code, error.message);
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}
