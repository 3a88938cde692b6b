//! What can be asked of the binary.

mod demo;
mod doctor;
mod migrate;
mod openapi;
mod ready;
mod restored;
mod run;
mod serve;

pub use run::{Command, complain, run};
