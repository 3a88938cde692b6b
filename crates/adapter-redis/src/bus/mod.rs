//! What nodes tell each other, over sharded pub/sub.
//!
//! Whoever listens on this node hears its own notices at once, without Redis. For the others they are
//! put into a bounded queue (`outbox`), which one task empties (`publisher`). Another task holds the
//! one connection by which notices come (`subscriber`), keeps it on the channels of the rooms that
//! this node follows (`rooms`), and hands what it hears (`ears`) to the listeners. Whatever may have
//! been missed is heard as a gap.

mod back_off;
mod ears;
mod letter;
mod node;
mod outbox;
mod port;
mod publisher;
mod rooms;
mod standing;
mod subscriber;

pub(crate) use node::{Bounds, Ground, Node};
