//! Handing out everything that there is of a person, for whoever asks what is kept of them.
//!
//! A line of JSON for each thing, written as it is read: however much somebody wrote, as much of it is in
//! memory as fits on a page.

mod line;
mod rooms;
mod run;

pub(super) use run::run;
