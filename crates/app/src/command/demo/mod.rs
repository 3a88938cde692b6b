//! Something to look at: people, rooms and a conversation that one of them has missed.
//!
//! Everything is done by the use cases, one after the other, at the times of the story: what is there
//! afterwards is what a server would hold that these people had used.

mod cast;
mod play;
mod run;
mod script;

pub(super) use run::run;
