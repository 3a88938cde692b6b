//! What it takes to write a query: Diesel's own prelude, with queries that are awaited.

pub(crate) use diesel::prelude::*;
pub(crate) use diesel_async::{AsyncPgConnection, RunQueryDsl};
