//! A signed-in user, and what they can do over REST. Each file covers one kind of resource.

mod files;
mod members;
mod messages;
mod oneself;
mod people;
mod rooms;
mod session;
mod summaries;

pub use files::{Download, Upload};
pub use messages::Page;
pub use rooms::room;
pub use session::Account;
pub use summaries::{SummaryPiece, SummaryStream};
