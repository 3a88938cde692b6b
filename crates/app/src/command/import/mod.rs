//! Imports conversations from elsewhere.
//!
//! Everything imported gets an id derived from its origin, so that repeating an import, after a
//! crash or with a newer export, adds what is missing and duplicates nothing. It bypasses the use
//! cases and uses the ports directly: nobody is notified, no limits apply, and all of it counts as
//! read by everybody.

mod ids;
mod journal;
mod people;
mod pieces;
mod rooms;
mod run;
mod scan;
mod slack;
mod talk;

pub(super) use run::{Source, run};
