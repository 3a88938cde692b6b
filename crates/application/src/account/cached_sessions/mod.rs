//! Remembering which sessions live, so that not every request asks their store.

mod decorator;
mod known;
#[cfg(test)]
mod tests;

pub use decorator::CachedSessions;
