//! Giving messages their places.
//!
//! A batch of whatever size is a handful of statements. The first ones lock its rooms and read what it
//! refers to; the domain decides on each message in turn; the last ones write what was decided, one
//! statement for each table. Statements that need nothing of each other go out together.

mod known;
mod rows;
mod run;
mod write;

pub(super) use rows::NewMentions;
pub(super) use run::append;
