//! Sessions, refresh tokens and profiles in MongoDB 6 or later.
//!
//! Each port has a file of its own name here. What may not live here: decisions about who may do what,
//! time, ids, randomness, and knowledge of any other adapter. Nor does an error of the driver leave
//! this crate: `failure.rs` reads them.
//!
//! # What is stored
//!
//! Ids are UUIDs (binary, subtype 4), moments are dates, digests are 32 bytes. A token itself is never
//! seen here.
//!
//! | collection | `_id` | fields | indexes beside `_id` |
//! | --- | --- | --- | --- |
//! | `sessions` | session | `user`, `created_at`, `last_used_at`, `expires_at`, `ip`?, `user_agent`, `current`, `previous`? `{ digest, spent_at }`, `remembered_until`, `ended_at`?, `push`? `{ endpoint, point, secret, expires_at? }` | `by_user` (`user`, `last_used_at`, `_id`), `by_endpoint` (`push.endpoint`, sparse), `lapse` (`expires_at`, TTL) |
//! | `refresh_tokens` | digest | `session`, `user`, `expires_at` | `by_session` (`session`), `lapse` (`expires_at`, TTL) |
//! | `profiles` | user | `document`?, `text`? | none |
//!
//! A session's document holds the one good token, `current`, and the one that it replaced,
//! `previous`, and so it never grows. Every token that was ever handed out has a document of its own,
//! unique by its digest, which says whose it is. All that must be unique is an `_id`.
//!
//! A profile is the document that its owner put, for an operator to read. Where it would not come
//! back as it was (a name with a NUL, a name twice, more than ninety levels, a number of more digits
//! than the database holds), its `text` is kept beside it or instead of it, and the text is what is
//! read. Whoever changes such a `document` by hand removes the `text`.
//!
//! # Why nobody is thrown out, and no replay is accepted
//!
//! One `findOneAndUpdate` decides an exchange: it makes the replacement `current` and the presented
//! token `previous`, if the presented one was `current` and the session lives. Of any number at once,
//! on any nodes, exactly one finds it so; the others find the token spent a moment ago.
//!
//! Writes go in this order, so that whoever is interrupted between any two may simply try again:
//!
//! - The document of a token is written before the token is good: when a session is opened, before the
//!   session; when it is renewed, before the exchange. A token that was noted and did not become good
//!   was told to nobody, and can be derived by nobody but whoever presents the same token again.
//! - So whatever was `current` once stays known when it is pushed out of `previous`: a token that is
//!   known, and neither `current` nor `previous` within the grace, was spent before, however long ago.
//!   Its session ends.
//! - A token is spent when the server's clock says so, if that is later than the caller's: an exchange
//!   may lie in a server that stands still, and come true long after its caller gave up. Who asks
//!   again then still has all the grace.
//! - A session ends by a change of its own document, under the condition of the exchange. Whichever
//!   comes first, the other sees it.
//!
//! Tokens are remembered as long as their session may live. Their documents get half a lifetime beyond
//! that, so that a session that goes on and on touches all of them only every so often:
//! `remembered_until` says when that is due.
//!
//! # What the server is told
//!
//! Writes are acknowledged by the majority, in its journals; reads are of what the majority has, from
//! the primary. So what was acknowledged survives the loss of a server, and a session that was ended is
//! never seen to live by whoever asks later. Nothing needs transactions: a single server will do. The
//! driver repeats a write that a failing connection cut off, where the server can tell the repetition
//! from the first.
//!
//! A call takes at most [`Options::patience`], whatever happens: the driver itself would wait half a
//! minute for a server to be there, and for ever for one that stands still. Nor may more than
//! [`Options::calls`] wait. Collections and indexes are made when a store is first asked, by however
//! many nodes at once, so a store is made without a server and needs no migrations.
//!
//! The port `Upkeep` has nothing to do here: the TTL indexes clear what has expired. Since the server
//! does so about once a minute, expiry is checked by every method as well.
//!
//! # On many machines
//!
//! `sessions` is sharded by `{ user: 1 }`, `refresh_tokens` and `profiles` by `{ _id: "hashed" }`. All
//! that clients wait for names its shard: a token leads to session and user, and from there everything
//! names the user. Three things go to all shards: a subscription to pushes when it is kept, the question which sessions are live, which a node asks
//! for all of its sockets together, and now and then the longer memory for an old session's tokens.

mod collections;
mod connection;
mod failure;
mod json;
mod open_error;
mod probe;
mod profiles;
mod push_subscriptions;
mod rows;
mod sessions;
mod store;

pub use open_error::OpenError;
pub use store::{MongoStore, Options};
