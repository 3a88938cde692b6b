//! The hub: who listens to which room, in which order they are told, and how much may wait for them.
//!
//! Changes of rooms come in as hints, in any order, twice or not at all ([`Hub::offer`]). They leave by
//! rev, each once: a hole is filled from the store ([`Keeper`]). Each worker of the server has a
//! [`Shard`] with its own connections, in which nothing needs a lock. What waits for a [`Connection`] is
//! bounded; who does not read falls behind and catches up from the store.
//!
//! What may not live here: sockets, JSON or any other form of the wire (a frame is bytes), what people
//! may do, and the name of any crate of ours but `domain`.

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
pub use seat::Place;
pub use shard::{Caught, Inbox, Memory, Shard};
pub use source::{Source, Stretch};
