//! Placing a batch of new messages in their rooms' logs.
//!
//! Under its locks, a store reads what a batch refers to into [`Known`]. [`place`] decides the outcome
//! of each message as if they had come one after another, and the store writes what is [`Placed`]. So
//! all stores give the same answers, however they read and write.

mod known;
mod place;
mod placed;
#[cfg(test)]
mod tests;

pub use known::{Earlier, Known, Present, Standing, Upload};
pub use place::place;
pub use placed::Placed;
