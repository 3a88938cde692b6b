//! Tests that span several calls.

mod attendance;
mod feed;
mod frail;
mod outages;
mod visits;
