//! Rows, and their conversion to entities.

mod event;
mod invite;
mod media;
mod membership;
mod message;
mod order;
mod room;
mod user;
mod webhook;

pub(crate) use event::{OutboxRow, Parked, ParkedRow};
pub(crate) use invite::InviteRow;
pub(crate) use media::{MediaRow, status_word};
pub(crate) use membership::{MembershipRow, role_word};
pub(crate) use message::{MessageRow, fingerprint_of};
pub(crate) use order::{at_most, in_order};
pub(crate) use room::RoomRow;
pub(crate) use user::UserRow;
pub(crate) use webhook::{DeliveryRow, WebhookRow, topics_column};
