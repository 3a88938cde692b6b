//! Telling people what they missed.
//!
//! What was said is cut into **stretches** of as many places each. The summary of a stretch is made once
//! and shared by all who may read it, as long as nothing in it changes; stretches are gathered into
//! greater ones, and whoever asks is told from these and from the messages after the last of them. Beside
//! what is shared stands what one reader needs alone: the part before their first whole stretch, and the
//! summary itself.

mod ask;
mod bill;
mod breaker;
mod concern;
mod desk;
mod ear;
mod flights;
mod gather;
mod guard;
mod making;
mod plan;
mod sharing;
mod shelf;
mod stored;
mod summarise;
#[cfg(test)]
mod tests;
mod told;
mod tree;

pub use ask::{Ask, Since};
pub use ear::{Ear, Heard};
pub(crate) use shelf::Shelf;
pub use summarise::{Opened, Summarise};
