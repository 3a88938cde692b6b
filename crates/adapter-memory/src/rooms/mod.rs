//! Rooms, and every change to who belongs to them.

mod create;
mod decide;
mod keep;
mod port;
