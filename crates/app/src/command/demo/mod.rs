//! Demo data: people, rooms and a conversation that one of them has missed.
//!
//! Everything is done through the use cases, in sequence, at the times of the script. The result is
//! what a server would contain that these people had used.

mod cast;
mod play;
mod run;
mod script;

pub(super) use run::run;
