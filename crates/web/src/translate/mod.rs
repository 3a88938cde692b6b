//! Translates between the types of use cases and the shapes of the wire. Nothing else knows both.

mod accounts;
mod frames;
mod health;
mod links;
mod members;
mod messages;
mod moments;
mod pages;
mod people;
mod push;
mod rooms;
mod summaries;
mod values;
mod webhooks;

pub(crate) use accounts::{new_account, new_password, newcomer, session, tokens};
pub(crate) use frames::{
    everybodys_message, everybodys_room, media_told, notification, presence, receipt, room_added,
    room_removed, skipped, told, typing,
};
pub(crate) use health::health;
pub(crate) use links::Links;
pub(crate) use members::{
    ban, invite, invite_plan, invite_preview, member, member_changes, muting,
};
pub(crate) use messages::{
    body, cursors, media, message, message_status, named_post, new_post, reading, receipts, search,
    sought, stretch,
};
pub(crate) use moments::to_wire;
pub(crate) use pages::{
    changes, hit_page, member_page, message_page, numbered, page_size, room_page, rooms, since,
    user_page, users,
};
pub(crate) use people::{new_profile, user};
pub(crate) use push::{push, push_subscription};
pub(crate) use rooms::{
    chat_plan, door, named_room_plan, room, room_changes, room_name, room_plan,
};
pub(crate) use summaries::{ask, summary};
pub(crate) use values::value;
pub(crate) use webhooks::{
    deliveries, delivery, delivery_state, new_webhook, webhook, webhook_change, webhook_event,
    webhook_plan,
};
