//! The scene that tests of use cases play in: honest adapters in memory, a clock that stands still
//! until it is moved, and sentences that set things up without the use case under test.

mod accounts;
mod answers;
mod ear;
mod rooms;
mod world;

pub(crate) use accounts::PASSWORD;
pub(crate) use answers::{at_once, refusal};
pub(crate) use ear::Ear;
pub(crate) use world::World;
