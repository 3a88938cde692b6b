//! Tests of several use cases of rooms in combination.

mod joining;
mod owning;
mod removing;
