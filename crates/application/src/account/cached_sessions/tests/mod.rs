//! Remembering sessions, over a store that waits and fails on command.

mod away;
mod believing;
mod ending;
mod scene;
mod stage;
