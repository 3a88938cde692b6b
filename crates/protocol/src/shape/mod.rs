//! REST responses.
//!
//! An optional field is left out when it has no value; a field that is always present is null when it
//! has none. Numbers stay below 2^53, so that every client can represent them exactly.

mod health;
mod member;
mod message;
mod page;
mod push;
mod room;
mod session;
mod summary;
mod user;
mod webhook;

pub use health::{BackendHealth, Health, HealthStatus};
pub use member::{Ban, Bans, Invite, InvitePreview, InvitedRoom, Invites, Member, Role};
pub use message::{
    Cursors, Media, MediaStatus, Message, MessageStatus, Reaction, Receipt, Receipts, SearchHit,
    Snippet,
};
pub use page::{
    Changes, MemberPage, MessagePage, NumberedMessages, RoomPage, Rooms, SearchPage, UserPage,
    Users,
};
pub use push::Push;
pub use room::{History, Room, RoomKind, Standing};
pub use session::{Session, Sessions, Tokens};
pub use summary::{Summary, SummaryBullet, SummaryDelta, SummaryFailure};
pub use user::{NamedUser, Presence, User};
pub use webhook::{
    DeliveryState, Webhook, WebhookAttempt, WebhookDeliveries, WebhookDelivery, WebhookEvent,
    WebhookTopic, Webhooks,
};

#[cfg(test)]
pub(crate) mod tests;
