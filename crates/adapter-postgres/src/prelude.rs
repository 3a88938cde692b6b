//! What a query needs: Diesel's own prelude, with async queries.

pub(crate) use diesel::prelude::*;
pub(crate) use diesel_async::{AsyncPgConnection, RunQueryDsl};
