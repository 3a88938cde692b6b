//! Summaries of missed messages.

mod local;
mod model;
mod scene;
mod socket;
