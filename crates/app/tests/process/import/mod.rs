//! Importing conversations.

mod place;
mod slack;
mod workspace;
