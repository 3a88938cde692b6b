//! Bringing in what was said elsewhere.
//!
//! Everything that is brought in gets an id that follows from where it was, so that doing it again, after
//! a fall or with a newer export, adds what is missing and doubles nothing. It goes past the use cases,
//! straight to the ports: nobody is notified, no limit counts, and what was said counts as read by all.

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
