//! Putting together what readers are shown, a whole list at a time.

mod messages;
mod people;
mod rooms;

pub(crate) use messages::MessageViews;
pub(crate) use people::People;
pub(crate) use rooms::RoomViews;
