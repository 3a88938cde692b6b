//! What can be asked of the binary.

mod demo;
mod doctor;
mod jobs;
mod migrate;
mod openapi;
mod password;
mod ready;
mod reset_password;
mod restored;
mod run;
mod serve;
mod signals;
mod worker;

pub use run::{Command, complain, run};
