//! What a summary is, for whom, and at what cost.

mod concerning;
mod cost;
mod forgetting;
mod gathering;
mod limits;
mod outages;
mod reading;
mod rights;
mod scene;
mod scripted;
mod watched;
