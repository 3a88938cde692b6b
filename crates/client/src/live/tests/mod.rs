//! Tests of a connection's decisions, without sockets or clocks.

mod places;
mod queue;
mod scene;
mod talk;
