//! Finds problems before they occur. The checks change nothing.

mod backends;
mod checks;
mod finding;
mod run;

pub(super) use run::run;
