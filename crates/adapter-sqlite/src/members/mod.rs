//! Reading who belongs where, and what members settle for themselves.

mod person;
mod port;
mod room;
