//! Notifying users who are away of messages.

mod away;
mod channels;
mod concerned;
mod preview;
#[cfg(test)]
mod push_tests;
#[cfg(test)]
mod tests;

pub use away::{NotifyAway, NotifyTerms};
