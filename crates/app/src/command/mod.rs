//! The commands of the binary.

mod accounts;
mod demo;
mod doctor;
mod export;
mod import;
mod jobs;
mod migrate;
mod moment;
mod openapi;
mod password;
mod ready;
mod reset_password;
mod restored;
mod run;
mod serve;
mod signals;
mod webhooks;
mod worker;

pub use run::{Command, complain, run};
