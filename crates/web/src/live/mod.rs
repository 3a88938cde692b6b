//! What sockets of either kind share: `/api/ws`, and Socket.IO.
//!
//! A node's sockets together are in `node`, those of one worker in `worker`, and somebody who is
//! connected is a `peer`. What the bus tells goes to the hub (`feed`), and what the hub misses is read
//! from the store (`source`); `errands` and `removals` tell people of rooms that they came into or lost.
//! A client that comes back is brought up from where it was by `subscribe`, `catching` and `replay`. How
//! a change is written down is in `told`.

mod catching;
mod errands;
mod feed;
mod joining;
mod node;
mod peer;
mod rate;
mod removals;
mod replay;
mod sends;
mod source;
mod subscribe;
mod telling;
mod told;
pub(crate) mod wire;
mod work;
mod worker;

pub(crate) use joining::{From, Joined, catch_up_again, join};
pub use node::Sockets;
pub(crate) use peer::Peer;
pub(crate) use rate::{Rate, Verdict};
pub(crate) use sends::Send;
pub(crate) use subscribe::{resume, subscribe};
pub(crate) use telling::{Next, Telling};
pub(crate) use work::{Job, Work};
pub(crate) use worker::{Arrival, Worker};
