//! Chance, from the system.

use uuid::{Builder, Uuid};

use crate::Error;

/// A name that nobody else gives to anything.
pub(crate) fn id() -> Result<Uuid, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(Error::NoChance)?;
    Ok(Builder::from_random_bytes(bytes).into_uuid())
}

/// Any number. Without chance it is always the same: everybody then waits for as long as the others.
pub(crate) fn number() -> u32 {
    getrandom::u32().unwrap_or_default()
}
