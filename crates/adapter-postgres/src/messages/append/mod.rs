//! Appending messages to their rooms' logs.
//!
//! A batch of any size takes a handful of statements. The first ones lock its rooms and read what it
//! refers to; the domain decides on each message in turn; the last ones write the result, one statement
//! per table. Independent statements are pipelined.

mod known;
mod rows;
mod run;
mod write;

pub(super) use rows::NewMentions;
pub(super) use run::append;
