//! The keys that tokens are made with: given by the settings, or made once and kept.

mod error;
mod find;
mod kept;

pub use error::KeysError;
pub use find::{Keys, SigningKey};
