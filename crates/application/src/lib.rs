//! The use cases of Tertulia, one per file, and the decorators over ports.
//!
//! A use case takes what a door has parsed, checks who may do it, has the ports do it, publishes it
//! to the bus, and answers with what the reader may see. **Authorisation is decided here and
//! nowhere else**: who may read and write in a room is in `access.rs`, and who may act on a room is
//! in the rules beside each use case.
//!
//! What may not live here: JSON, HTTP, sockets, SQL, drivers, settings files. A use case cannot
//! tell which door called it, nor which adapter does the work.

mod access;
mod address;
mod announce;
mod caller;
mod error;
mod happened;
mod lock;
mod policy;
mod portion;
mod ports;
mod present;
mod recent;
mod shared_failure;
mod supervision;
#[cfg(test)]
mod testing;
mod throttle;
mod use_cases;
mod view;

pub mod account;
pub mod jobs;
pub mod live;
pub mod media;
pub mod messages;
pub mod notifications;
pub mod operations;
pub mod people;
pub mod push;
pub mod rooms;
pub mod steady;
pub mod summaries;
pub mod webhooks;

pub use caller::Caller;
pub use error::{Error, Quota};
pub use media::MediaBounds;
pub use policy::{Limits, Policy, Summaries};
pub use ports::Ports;
pub use supervision::{supervised, survived};
pub use use_cases::UseCases;
pub use view::{
    BackendHealth, BanView, ChangeView, ChangesView, CursorsMoved, Hit, InvitePreview, MemberView,
    MessageView, NumberedPage, Page, Person, Posted, Reach, Receipts, RoomView, SignedIn,
    StandingView, SummaryView,
};
