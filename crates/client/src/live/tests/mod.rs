//! A connection's decisions, without a socket and without a clock.

mod places;
mod queue;
mod scene;
mod talk;
