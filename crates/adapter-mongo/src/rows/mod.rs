//! Stored documents, and their conversion to the domain's types.

mod fields;
mod profile;
mod push;
mod row;
mod session;
mod token;

pub(crate) use fields::{binary, id, key, moment};
pub(crate) use profile::{PROFILES, profile, profile_row};
pub(crate) use push::{DeviceRow, push};
pub(crate) use row::Row;
pub(crate) use session::{SessionRow, ended, live};
pub(crate) use token::TokenRow;
