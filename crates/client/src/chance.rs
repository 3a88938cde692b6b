//! Randomness, from the system.

use uuid::{Builder, Uuid};

use crate::Error;

/// A random id.
pub(crate) fn id() -> Result<Uuid, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(Error::NoChance)?;
    Ok(Builder::from_random_bytes(bytes).into_uuid())
}

/// A random number. Without randomness it is constant, and only the jitter of pauses is lost.
pub(crate) fn number() -> u32 {
    getrandom::u32().unwrap_or_default()
}
