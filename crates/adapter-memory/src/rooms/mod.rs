//! Rooms, and every change to their membership.

mod create;
mod decide;
mod keep;
mod port;
