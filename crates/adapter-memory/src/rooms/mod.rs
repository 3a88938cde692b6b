//! Rooms, and every change to who belongs to them.

mod create;
mod decide;
mod port;
mod stage;
