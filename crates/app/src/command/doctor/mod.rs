//! Saying what is wrong before it goes wrong. Nothing is changed by looking.

mod backends;
mod checks;
mod finding;
mod run;

pub(super) use run::run;
