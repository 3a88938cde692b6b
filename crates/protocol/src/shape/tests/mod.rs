//! Each shape full and bare, so that a change of the wire shows itself.

mod lists;
mod messages;
mod operations;
mod people;
mod rooms;
pub(crate) mod scene;
mod summaries;
