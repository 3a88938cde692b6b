//! What the product needs from the outside world, one trait per file.
//!
//! How to read a port, and how to write an adapter:
//!
//! - A method is a transaction: it takes effect as a whole or not at all.
//! - Expected outcomes are values; `Err` means only that the backend broke, see
//!   [`Failure`](crate::Failure).
//! - Dropping a method's future, as happens when a client disconnects, may cancel the call or let it
//!   finish, but never leaves half of it done.
//! - Ports are safe to share and to call concurrently from many tasks. Where that matters most, the
//!   obligations say what must hold.
//! - Each item under **Obligations** is the name of a test in `port-contracts`, in the file named like
//!   the port's own, and every adapter passes it.

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

pub use access_tokens::AccessTokens;
pub use blobs::Blobs;
pub use blocks::Blocks;
pub use budget::Budget;
pub use bus::Bus;
pub use cache::Cache;
pub use clock::Clock;
pub use cursors::CursorStore;
pub use ids::{Ids, IdsExt};
pub use invites::Invites;
pub use jobs::Jobs;
pub use limiter::Limiter;
pub use media::MediaStore;
pub use members::Members;
pub use messages::Messages;
pub use notifier::Notifier;
pub use outbox::Outbox;
pub use passwords::Passwords;
pub use pictures::Pictures;
pub use presence::Presence;
pub use probe::Probe;
pub use profiles::Profiles;
pub use push_subscriptions::PushSubscriptions;
pub use pusher::Pusher;
pub use room_log::RoomLog;
pub use rooms::Rooms;
pub use search::Search;
pub use sessions::Sessions;
pub use summariser::Summariser;
pub use upkeep::Upkeep;
pub use users::Users;
pub use webhook_log::WebhookLog;
pub use webhook_sender::WebhookSender;
pub use webhooks::Webhooks;
