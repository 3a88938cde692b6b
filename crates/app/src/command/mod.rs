//! What can be asked of the binary.

mod doctor;
mod migrate;
mod openapi;
mod restored;
mod run;
mod serve;

pub use run::{Command, complain, run};
