//! What both kinds of sockets share: `/api/ws` and Socket.IO.
//!
//! `node` has all sockets of a node, `worker` those of one worker, and `peer` a single connected client.
//! `feed` passes on what the bus announces to the hub, and `source` reads from the store what the hub
//! missed; `errands` and `removals` tell users of rooms that they joined or lost. `subscribe`,
//! `catching` and `replay` bring a returning client up to date, in `pieces` that its queue has room for.
//! `told` encodes changes.

mod catching;
mod errands;
mod feed;
mod joining;
mod known;
mod node;
mod peer;
mod pieces;
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

pub(crate) use joining::{JoinFrom, Joined, catch_up_again, join};
pub use node::Sockets;
pub(crate) use peer::Peer;
pub(crate) use rate::{Rate, Verdict};
pub(crate) use sends::InFlight;
pub(crate) use subscribe::{resume, subscribe};
pub(crate) use telling::{Next, Telling};
pub(crate) use work::{Job, LAST_WORD, Work};
pub(crate) use worker::{Arrival, Worker};
