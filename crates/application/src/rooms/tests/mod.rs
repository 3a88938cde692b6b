//! Tests of what several use cases of rooms come to together.

mod joining;
mod owning;
mod removing;
