//! Rows, and their conversion to entities.

mod event;
mod invite;
mod media;
mod membership;
mod message;
mod order;
mod push;
mod room;
mod session;
mod user;
mod webhook;

pub(crate) use event::{OutboxRow, Parked, ParkedRow};
pub(crate) use invite::InviteRow;
pub(crate) use media::{MediaRow, status_word};
pub(crate) use membership::MembershipRow;
pub(crate) use message::{MessageRow, fingerprint_of};
pub(crate) use order::{at_most, in_order};
pub(crate) use push::PushRow;
pub(crate) use room::RoomRow;
pub(crate) use session::SessionRow;
pub(crate) use user::UserRow;
pub(crate) use webhook::{DeliveryRow, WebhookRow, topics_column};
