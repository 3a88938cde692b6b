//! Somebody who is signed in, and what they do over REST. Each file is about one kind of thing.

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
