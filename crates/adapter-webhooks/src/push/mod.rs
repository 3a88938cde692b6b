//! Web Push: RFC 8030 for calling push services, 8291 for encrypting to the browser, 8292 for
//! identifying this server.

mod key;
mod payload;
mod pusher;
mod rests;
mod seal;

pub use key::VapidKey;
pub use pusher::{Contact, WebPush};
