//! The hub step by step, without sockets.

mod connection;
mod delivery;
mod dialects;
mod hub;
mod keeper;
mod memory;
mod model;
mod order;
mod queue;
mod seats;
mod shard;
mod shown;
mod stage;
mod tables;
