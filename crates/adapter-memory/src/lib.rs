//! Every port in memory.
//!
//! There are two kinds of adapters here. [`MemoryStore`], [`MemorySessions`], [`MemoryProfiles`],
//! [`MemoryNotifier`], [`MemoryWebhookSender`], [`MemoryPusher`] and [`MemoryBlobs`] keep what other
//! adapters persist, and lose it with the process: for tests, and for trying things out. The others,
//! [`MemoryPresence`], [`MemoryLimiter`], [`MemoryBus`], [`MemoryCache`], [`MemoryJobs`],
//! [`SystemClock`] and [`RandomIds`], are what a single node uses in production; each of them is
//! bounded.
//!
//! All are honest: they reject what a database rejects, and a failed transaction leaves nothing behind.
//! The suite in `port-contracts` holds them to the same obligations as every other adapter.
//!
//! What may not live here: decisions about who may do what, a driver, a file. Nor passwords and access
//! tokens, which are computed and not stored: those are in `adapter-credentials`.

mod lock;
mod state;
mod store;

mod blocks;
mod cursors;
mod invites;
mod media;
mod members;
mod messages;
mod outbox;
mod room_log;
mod rooms;
mod search;
mod upkeep;
mod users;
mod webhook_log;
mod webhooks;

mod blobs;
mod budget;
mod bus;
mod cache;
mod clock;
mod ids;
mod jobs;
mod limiter;
mod notifier;
mod presence;
mod probe;
mod profiles;
mod push_subscriptions;
mod pusher;
mod sessions;
mod summariser;
mod webhook_sender;

pub use blobs::MemoryBlobs;
pub use budget::MemoryBudget;
pub use bus::MemoryBus;
pub use cache::{CacheBounds, MemoryCache};
pub use clock::{ManualClock, SystemClock};
pub use ids::{RandomIds, SeededIds};
pub use jobs::{JobSettings, MemoryJobs};
pub use limiter::MemoryLimiter;
pub use notifier::MemoryNotifier;
pub use presence::MemoryPresence;
pub use profiles::MemoryProfiles;
pub use pusher::MemoryPusher;
pub use sessions::MemorySessions;
pub use store::MemoryStore;
pub use summariser::MemorySummariser;
pub use webhook_sender::MemoryWebhookSender;
