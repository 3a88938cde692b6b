//! Scenes that play over several calls.

mod attendance;
mod feed;
mod outages;
