//! Assembling what readers are shown, a whole list at a time.

mod everyone;
mod messages;
mod names;
mod people;
mod rooms;

pub(crate) use everyone::Everyone;
pub(crate) use messages::MessageViews;
pub(crate) use names::Names;
pub(crate) use people::People;
pub(crate) use rooms::RoomViews;
