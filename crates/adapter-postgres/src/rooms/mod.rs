//! Rooms, and every change to their membership.

mod accesses;
mod browse;
mod carry;
mod create;
mod decide;
mod find;
mod lock;
mod port;
mod public;
mod seats;

pub(crate) use create::keep_invite;
pub(crate) use lock::lock;
