//! Telling people who are away of messages.

mod away;
mod concerned;
mod preview;
#[cfg(test)]
mod tests;

pub use away::{NotifyAway, NotifyTerms};
