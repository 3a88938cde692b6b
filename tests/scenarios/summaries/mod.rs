//! What did I miss?

mod local;
mod model;
mod scene;
mod socket;
