//! The port `Users`.

mod change;
mod erase;
mod names;
mod port;
mod register;
mod seen;
