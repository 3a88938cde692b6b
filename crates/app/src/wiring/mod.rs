//! Puts the chosen adapters behind the ports, and builds the use cases on them.
//!
//! Each group of ports is opened separately, depending on whether its URL is set: the store in
//! `store.rs`, sessions and profiles in `sessions.rs`, state shared by nodes in `shared.rs`, queues
//! and workers in `jobs.rs`, files in `media.rs`. `house.rs` assembles them.

mod credentials;
mod dead_letters;
mod house;
mod jobs;
mod media;
mod push;
mod sessions;
mod shared;
mod store;
mod summaries;
mod webhook_logs;

pub use dead_letters::DeadLetters;
pub use house::House;
pub(crate) use house::cores;
pub(crate) use jobs::rabbit;
pub(crate) use media::store as file_store;
pub(crate) use summaries::model;
pub use webhook_logs::WebhookLogs;
