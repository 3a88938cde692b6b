//! Notices between nodes, over sharded pub/sub.
//!
//! Listeners on this node receive its own notices at once, without Redis. For the other nodes the
//! notices go into a bounded queue (`outbox`), which one task drains (`publisher`). Another task owns
//! the single connection on which notices arrive (`subscriber`), keeps it subscribed to the channels of
//! the rooms that this node follows (`rooms`), and passes what arrives (`ears`) to the listeners.
//! Whenever something may have been missed, listeners receive a gap.

mod back_off;
mod connection_state;
mod ears;
mod letter;
mod node;
mod outbox;
mod port;
mod publisher;
mod rooms;
mod subscriber;

pub(crate) use node::{Bounds, Ground, Node};
