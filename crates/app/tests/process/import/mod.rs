//! Bringing in what was said elsewhere.

mod place;
mod slack;
mod workspace;
