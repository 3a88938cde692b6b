//! Runs the programs in examples/ and that of the Rust client, as their first lines say, against a
//! server in its own process.

mod chat;
mod client;
mod conversation;
mod install;
mod types;
mod walkthrough;

pub(crate) use install::{run, socketio_client};
