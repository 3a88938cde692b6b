//! Group commit over the honest store, with a stage between them that waits and fails on command.

mod closing;
mod duplicates;
mod failing;
mod full;
mod order;
mod passing;
mod scene;
mod stage;
