//! Rooms, and every change to their membership.

mod carry;
mod create;
mod decide;
mod find;
mod keep;
mod port;

pub(crate) use create::keep_invite;
pub(crate) use find::living;
