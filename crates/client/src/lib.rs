//! A client of Tertulia: the REST API as functions, and the WebSocket at `/api/ws` with resuming
//! built in.
//!
//! A [`Server`] is an address. Signing in there returns an [`Account`], which has all of the REST
//! API and renews its tokens by itself. [`Account::live`] opens the WebSocket: a [`Live`] handle to
//! act on it, and a stream of [`Events`]. It reconnects after whatever broke the connection,
//! resumes each room where it left off, without gaps or duplicates, and sends unacknowledged
//! messages again, which the server stores once. The README shows an example.
//!
//! It runs on tokio. The wire types come from the crate `protocol` and are re-exported as [`shape`]
//! (responses) and [`rest`] (requests).
//!
//! What may not live here: anything of the server, which is another program, and any decision that
//! it takes; so this crate depends on no other crate of the workspace but `protocol`. Nor does it
//! write to disk: it tells the program what is worth storing, [`Standing`] and
//! [`Tokens`](shape::Tokens), and takes it back later.

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
