//! The keys for tokens and pushes: configured, or generated once and stored.

mod error;
mod find;
mod kept;

pub use error::KeysError;
pub use find::{Keys, SigningKey};
