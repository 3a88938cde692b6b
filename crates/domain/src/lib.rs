//! Tertulia's domain: what the product is, independent of how it is implemented.
//!
//! It holds **values** that are valid by construction, the **entities** made of them, the **refusals**
//! that a use case may answer with, the decisions that every store makes alike (**placing**, **amending**,
//! **stepping**, **rotating** and **leasing**), and the **ports**: one trait per external capability, with
//! its obligations in prose. Every obligation is a test of the same name in the crate `port-contracts`,
//! and every adapter passes it.
//!
//! What may not live here: a runtime, a driver, serialisation, a clock, randomness, HTTP. Nor
//! authorisation decisions: those are in `application`. A newcomer should be able to read this crate
//! alone and know the product.

pub mod amending;
pub mod edit;
pub mod entity;
pub mod failure;
pub mod id;
pub mod leasing;
pub mod placing;
pub mod port;
pub mod refusal;
pub mod rotating;
pub mod search_text;
pub mod stepping;
pub mod time;
pub mod value;

pub use edit::Edit;
pub use entity::event::{Event, Happening};
pub use entity::invite::{Invite, InviteUse};
pub use entity::media::{Media, MediaStatus};
pub use entity::membership::{Cursors, Membership, Notifications, Role};
pub use entity::message::{Message, Reaction};
pub use entity::push::{Device, PushSubscription};
pub use entity::room::{History, Pair, Room, RoomKind};
pub use entity::session::{Session, SessionOrigin};
pub use entity::user::User;
pub use entity::webhook::{Attempt, DeliveryState, Telling, Webhook, WebhookDelivery};
pub use failure::{BoxError, Failure, Retry};
pub use id::{
    ClientId, ConnectionId, EventId, Id, MediaId, MessageId, NodeId, RoomId, SessionId, UserId,
    WebhookId,
};
pub use refusal::{FieldProblem, Refusal};
pub use time::Timestamp;
pub use value::{
    Bio, Description, DisplayName, Email, Emoji, Epoch, FileKind, FileName, InviteCode,
    MessageBody, Password, PasswordHash, PictureFormat, ProfileDocument, PushEndpoint, PushKeys,
    RefreshToken, Rev, RoomName, SearchText, Seq, TextError, TokenDigest, Topics, UserAgent,
    Username, WebhookSecret, WebhookUrl,
};
