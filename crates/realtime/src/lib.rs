//! The hub: which connections listen to which room, in what order they receive its events, and how much
//! may be queued for each of them.
//!
//! Changes of rooms arrive as hints, in any order, twice or not at all ([`Hub::offer`]). They leave in
//! the order of their revs, each exactly once: gaps are filled from the store ([`Keeper`]). Each worker
//! of the server has a [`Shard`] with its own connections, in which nothing needs a lock. The queue of a
//! [`Connection`] is bounded; a client that does not read falls behind and catches up from the store.
//!
//! What may not live here: sockets, JSON or any other wire format (a frame is just bytes), permissions,
//! and dependencies on any of our crates except `domain`.

mod breakdown;
mod census;
mod connection;
mod delivery;
mod event;
mod frame;
mod hub;
mod item;
mod keeper;
mod news;
mod order;
mod outlet;
mod queue;
mod recent;
mod room;
mod seat;
mod shard;
mod source;
mod tables;
#[cfg(test)]
mod tests;
mod thrift;
mod turns;
mod upkeep;

pub use connection::{Connection, Ending, Own, Owner};
pub use event::{Change, Encode};
pub use frame::{Dialect, Frame};
pub use hub::Hub;
pub use item::Whisper;
pub use keeper::Keeper;
pub use queue::Bounds;
pub use seat::{Piece, Place};
pub use shard::{Caught, Inbox, Memory, Shard};
pub use source::{Source, Stretch};
