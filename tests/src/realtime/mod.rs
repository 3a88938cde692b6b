//! WebSocket clients.

mod open;
mod replica;
mod reply;
mod shelf;
mod socket;
mod wait;

pub use replica::Replica;
pub use reply::Reply;
pub use socket::{Heard, Socket};
pub use wait::{SOON, until, within};
