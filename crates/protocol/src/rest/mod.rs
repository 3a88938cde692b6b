//! REST requests: bodies and queries.
//!
//! Texts are trimmed when they are parsed, their length is counted in Unicode scalar values, and U+0000
//! is invalid in them. Whether an e-mail address is taken or a room exists is not checked here.

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

pub use account::{AddUser, ChangePassword, CookieQuery, Login, Logout, Refresh, Register};
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
