//! Summaries of what a member has missed.
//!
//! A room's log is cut into **stretches** of equal length. The summary of a stretch is made once and
//! shared by all who may read it, as long as nothing in the stretch changes. The summaries of stretches
//! are merged into larger ones, level by level, and a reader's summary is made from these and from the
//! messages after the last whole stretch. Two things are made for one reader alone: the part before
//! their first whole stretch, and the final summary itself.

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
mod range_summary;
mod sharing;
mod shelf;
mod stored;
mod summarise;
#[cfg(test)]
mod tests;
mod tree;

pub use ask::{Ask, Since};
pub use ear::{Ear, Heard};
pub(crate) use shelf::Shelf;
pub use summarise::{Opened, Summarise};
