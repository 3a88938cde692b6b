//! Puts the chosen adapters behind the ports, and the use cases before them.
//!
//! Each group of ports is opened by itself, by whether its URL is set: the store in `store.rs`, sessions
//! and profiles in `sessions.rs`, what nodes share in `shared.rs`. `house.rs` puts them together.

mod credentials;
mod house;
mod sessions;
mod shared;
mod store;

pub use house::House;
pub(crate) use house::cores;
