//! What the store keeps, and the changes that several ports share.

mod event_table;
mod message_row;
mod room_row;
mod tables;
mod webhook_table;

pub(crate) use event_table::EventTable;
pub(crate) use message_row::MessageRow;
pub(crate) use room_row::{RoomRow, Subject};
pub(crate) use tables::{MediaRow, State, UserRow};
pub(crate) use webhook_table::WebhookRow;
