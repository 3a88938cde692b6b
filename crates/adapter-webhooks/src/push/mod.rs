//! Web Push: RFC 8030 for how push services are asked, 8291 for what only the browser can read, 8292 for
//! who asks.

mod key;
mod payload;
mod pusher;
mod rests;
mod seal;

pub use key::VapidKey;
pub use pusher::{Contact, WebPush};
