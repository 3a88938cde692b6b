//! Cached sessions in front of a store that stalls and fails on command.

mod away;
mod believing;
mod ending;
mod scene;
mod stage;
