//! Scenes that play over several calls.

mod attendance;
mod feed;
mod frail;
mod outages;
mod visits;
