//! The scenarios, one per file.

mod chat;
mod fan_out;
mod flat;
mod hall;
mod idle;
mod many_rooms;
mod neighbourhood;
mod reconnect;
mod rounds;
mod storm;
mod vocabularies;

pub(crate) use chat::chat;
pub(crate) use fan_out::fan_out;
pub(crate) use flat::flat;
pub(crate) use hall::Seats;
pub(crate) use idle::idle;
pub(crate) use many_rooms::many_rooms;
pub(crate) use reconnect::reconnect;
pub(crate) use vocabularies::vocabularies;
