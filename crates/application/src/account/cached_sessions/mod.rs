//! A cache of which sessions are live, so that not every request queries their store.

mod decorator;
mod known;
#[cfg(test)]
mod tests;

pub use decorator::CachedSessions;
