//! What clients send over REST: bodies and queries.
//!
//! A text is trimmed when it is read, its length counted in Unicode scalar values, and U+0000 in it
//! is wrong. Whether an e-mail address is free or a room there is not asked here.

mod account;
mod by_name;
mod media;
mod members;
mod messages;
mod pages;
mod people;
mod push;
mod rooms;
mod summaries;
mod webhooks;

pub use account::{ChangePassword, CookieQuery, Login, Logout, Refresh, Register};
pub use by_name::{NamedHistoryQuery, NamedMessage, NamedRoom};
pub use media::UploadQuery;
pub use members::{CreateInvite, EditMember, MembersQuery, Mute, RemoveQuery};
pub use messages::{CursorTarget, EditMessage, MoveCursor, PostMessage, SearchQuery};
pub use pages::{EventsQuery, HistoryFrom, HistoryQuery, NumberedQuery, PageQuery};
pub use people::{ChangeProfile, EraseAccount, PeopleQuery, UsersQuery};
pub use push::{PushKeys, PutPushSubscription};
pub use rooms::{ChatKind, CreateChat, CreateRoom, EditRoom, JoinAny, JoinRoom, RoomsQuery};
pub use summaries::{SummaryQuery, SummarySince, SummaryStyle};
pub use webhooks::{CreateWebhook, DeliveriesQuery, EditWebhook};

#[cfg(test)]
mod tests;
