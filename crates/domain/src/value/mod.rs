//! Values that are valid by construction.
//!
//! Each has one `parse`, used both for what clients send and for what stores return.

mod credential;
mod document;
mod emoji;
mod kind;
mod name;
mod place;
mod push;
mod text;
mod webhook;

pub use credential::{Email, InviteCode, Password, PasswordHash, RefreshToken, TokenDigest};
pub use document::{FileName, ProfileDocument, UserAgent};
pub use emoji::Emoji;
pub use kind::{FileKind, PictureFormat};
pub use name::{DisplayName, RoomName, Username};
pub use place::{Epoch, Rev, Seq};
pub use push::{PushEndpoint, PushKeys};
pub use text::{Bio, Description, MessageBody, SearchText, TextError};
pub use webhook::{Topics, WebhookSecret, WebhookUrl};
