//! What becomes of each message of a batch.
//!
//! A store reads what a batch refers to while nobody else can change it, into [`Known`]. [`place`] says
//! what becomes of each message, as if they came one after another, and the store writes what is
//! [`Placed`]. So stores answer alike, however they read and write.

mod known;
mod place;
mod placed;
#[cfg(test)]
mod tests;

pub use known::{Earlier, Known, Present, Standing, Upload};
pub use place::place;
pub use placed::Placed;
