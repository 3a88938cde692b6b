//! Messages: each room's log.

mod amend;
mod append;
mod port;
mod read;
