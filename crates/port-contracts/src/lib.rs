//! What every adapter of a port must do, as tests.
//!
//! Each port of `domain` has a file of the same name here, and each of its obligations a function of
//! the obligation's name. An adapter runs all of them in its own test binary:
//!
//! ```text
//! async fn open() -> Kept<Store> { … }
//!
//! port_contracts::users!(open);
//! port_contracts::rooms!(open);
//! ```
//!
//! What an adapter opens is a [`Store`] for everything that a store serves, and for most other ports
//! the port itself, `Kept<Arc<dyn Sessions>>`. Some tests need more: for a bus both ends ([`Buses`]),
//! for a cache its time ([`Cached`]), for queues their settings ([`Queues`]), for notifiers, webhook
//! senders and pushers the other end ([`Notifiers`], [`WebhookSenders`], [`Pushers`]), for what is
//! stored with sessions those as well ([`Subscribers`]), for tokens several servers ([`Servers`]), and
//! for probes some that must fail ([`Probes`]).
//!
//! What may not live here: a driver, an adapter, or any requirement that one correct adapter could meet
//! and another could not. Stores may be shared by many tests of one run, so every name is fresh and
//! nothing counts what others made; only presence, bus and jobs are opened anew for each test, on a
//! prefix or a namespace of their own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::cloned_ref_to_slice_refs,
    clippy::indexing_slicing,
    clippy::unused_async,
    clippy::wildcard_enum_match_arm,
    missing_docs,
    reason = "assertions are the product, and the names of the functions document them"
)]

#[macro_use]
mod contract;
mod at_once;
mod drop_after;
mod fresh;
pub mod made;
mod picture;
mod scene;
mod store;
mod time;
mod until;

pub mod access_tokens;
pub mod blobs;
pub mod blocks;
pub mod budget;
pub mod bus;
pub mod cache;
pub mod clock;
pub mod cursors;
pub mod ids;
pub mod invites;
pub mod jobs;
pub mod limiter;
pub mod media;
pub mod members;
pub mod messages;
pub mod notifier;
pub mod outbox;
pub mod passwords;
pub mod pictures;
pub mod presence;
pub mod probe;
pub mod profiles;
pub mod push_subscriptions;
pub mod pusher;
pub mod room_log;
pub mod rooms;
pub mod search;
pub mod sessions;
pub mod summariser;
pub mod upkeep;
pub mod users;
pub mod webhook_log;
pub mod webhook_sender;
pub mod webhooks;

pub use access_tokens::Servers;
pub use at_once::{CROWD, ROUNDS, at_once};
pub use bus::Buses;
pub use cache::Cached;
pub use drop_after::drop_after;
pub use fresh::{ahead, at, fresh, unique, unknown};
pub use jobs::Queues;
pub use notifier::Notifiers;
pub use probe::Probes;
pub use push_subscriptions::Subscribers;
pub use pusher::Pushers;
pub use store::{Kept, Store, new_message};
pub use time::Time;
pub use until::until;
pub use webhook_sender::WebhookSenders;

#[cfg(test)]
mod completeness;
