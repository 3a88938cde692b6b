//! Sessions, refresh tokens and profiles in MongoDB 6 or later.
//!
//! Each port has a file of the same name. What may not live here: decisions about who may do what,
//! time, ids, randomness, and knowledge of any other adapter. Nor do the driver's errors leave this
//! crate: `failure.rs` translates them.
//!
//! # What is stored
//!
//! Ids are UUIDs (binary, subtype 4), moments are dates, digests are 32 bytes. Tokens themselves never
//! reach this crate.
//!
//! | collection | `_id` | fields | indexes beside `_id` |
//! | --- | --- | --- | --- |
//! | `sessions` | session | `user`, `created_at`, `last_used_at`, `expires_at`, `ip`?, `user_agent`, `current`, `previous`? `{ digest, spent_at }`, `remembered_until`, `ended_at`?, `push`? `{ endpoint, point, secret, expires_at? }` | `by_user` (`user`, `last_used_at`, `_id`), `by_endpoint` (`push.endpoint`, sparse), `lapse` (`expires_at`, TTL) |
//! | `refresh_tokens` | digest | `session`, `user`, `expires_at` | `by_session` (`session`), `lapse` (`expires_at`, TTL) |
//! | `profiles` | user | `document`?, `text`? | none |
//!
//! A session's document holds the only valid token, `current`, and the one that it replaced,
//! `previous`, so it never grows. Every token that was ever issued has a document of its own, with its
//! digest as the key, which says whose it is. Everything that must be unique is an `_id`.
//!
//! A profile is stored as the document that its owner put, so that an operator can read it. If it would
//! not come back unchanged (a name with a NUL, a repeated name, more than ninety levels, a number with
//! more digits than the database keeps), its `text` is stored beside it or instead of it, and reads use
//! the text. Anyone who edits such a `document` by hand has to remove the `text`.
//!
//! # Why no client is logged out by mistake, and no replay is accepted
//!
//! A single `findOneAndUpdate` decides an exchange: it makes the replacement `current` and the
//! presented token `previous`, provided that the presented one was `current` and the session is live.
//! Of any number of concurrent exchanges, on any nodes, exactly one matches; the others find that the
//! token has just been spent.
//!
//! Writes are ordered so that a call that was interrupted between any two of them can simply be
//! repeated:
//!
//! - The document of a token is written before the token becomes valid: before the session when one is
//!   opened, and before the exchange when one is renewed. A token that was recorded but never became
//!   valid was not sent to anyone, and only a client that presents the same old token again can derive
//!   it.
//! - Hence every token that was ever `current` remains known after it has been pushed out of
//!   `previous`: a known token that is neither `current` nor `previous` within the grace period was
//!   spent before, however long ago. Its session is ended.
//! - A token's time of spending is the server's clock, if that is later than the caller's: an exchange
//!   may be stuck in a server that hangs, and take effect long after its caller gave up. A client that
//!   then asks again still has the whole grace period.
//! - A session is ended by a change of its own document, with the same condition as an exchange.
//!   Whichever comes first, the other sees it.
//!
//! Tokens are remembered as long as their session may live. Their documents are kept for half a
//! lifetime beyond that, so that a session that is renewed again and again has to touch all of them
//! only now and then: `remembered_until` says when that is due.
//!
//! # What the server is asked to guarantee
//!
//! Writes are acknowledged by a majority, with journaling; reads go to the primary and return
//! majority-committed data. So an acknowledged write survives the loss of a server, and a session that
//! was ended never appears live to a later read. Nothing needs transactions: a single server will do.
//! The driver retries a write that was cut off by a failing connection, if the server can tell the
//! retry from the first attempt.
//!
//! A call takes at most [`Options::patience`], whatever happens: left to itself the driver would wait
//! half a minute for a server to appear, and for ever for one that hangs. Nor may more than
//! [`Options::calls`] be in progress. Collections and indexes are created when a store is first used,
//! by any number of nodes at once, so a store can be created without a server and needs no migrations.
//!
//! The port `Upkeep` has nothing to do here: the TTL indexes remove what has expired. Since the server
//! does so only about once a minute, every method checks expiry as well.
//!
//! # Sharding
//!
//! `sessions` is sharded by `{ user: 1 }`, `refresh_tokens` and `profiles` by `{ _id: "hashed" }`.
//! Every operation that a client waits for names its shard: a token leads to its session and user, and
//! from there on everything names the user. Three things go to all shards: storing a push subscription,
//! the question which sessions are live, which a node asks for all of its sockets together, and now and
//! then prolonging the retention of an old session's tokens.

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
