//! A client of Tertulia: REST as functions, and the socket at `/api/ws` with resume built in.
//!
//! A [`Server`] is an address. Whoever signs in there has an [`Account`], which does everything that
//! people do over REST and stays signed in by itself. [`Account::live`] opens the socket: a [`Live`] to
//! act on it, and the [`Events`] that it tells. It comes back after whatever broke it, goes on in each
//! room where it stood, without a gap and without telling anything twice, and says again what was not
//! acknowledged, which is stored once. The README shows it.
//!
//! It runs on tokio. What goes over the wire is of the crate `protocol`, whose types are found here as
//! [`shape`] (answers) and [`rest`] (requests).
//!
//! What may not live here: anything of the server, which is another program, and any decision that it
//! takes; so no crate of ours but `protocol` is named. Nor what a program keeps on its disk: it is told
//! what is worth keeping, [`Standing`] and [`Tokens`](shape::Tokens), and hands it back.

mod account;
mod call;
mod chance;
mod error;
mod http;
mod live;
mod server;
mod sse;
mod tls;

pub use account::{Account, Download, Page, SummaryPiece, SummaryStream, Upload, room};
pub use error::{Error, Problem};
pub use live::{
    Draft, Ending, Event, Events, Gone, Live, Online, Options, Patience, Since, Stand, Standing,
};
pub use protocol::realtime::{
    CloseCode, MemberOp, NotificationKind, ReactionBy, RemovalReason, RoomOp,
};
pub use protocol::{ErrorCode, FieldCode, FieldError, Patch, Secret, Timestamp, rest, shape};
pub use server::Server;
pub use uuid::Uuid;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
