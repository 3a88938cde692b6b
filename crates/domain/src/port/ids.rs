//! The source of new ids and random bits.

use uuid::Uuid;

use crate::{Id, InviteCode};

/// Generates ids and randomness. The only source of both, so that tests can be deterministic.
///
/// # Obligations
/// - `ids_never_repeat`: no UUID is returned twice, not even to concurrent callers.
/// - `ids_rise_with_time`: a UUID is of version 7, and larger than those that the same source returned
///   before it.
/// - `random_bits_differ`: two fills of 16 bytes differ.
pub trait Ids: Send + Sync + 'static {
    /// A new UUID of version 7.
    fn uuid(&self) -> Uuid;

    /// Fills `bytes` with unpredictable bits.
    fn fill(&self, bytes: &mut [u8]);
}

/// Convenience methods on top of [`Ids`].
pub trait IdsExt: Ids {
    /// A new id of the wanted kind.
    fn next<T: Id>(&self) -> T {
        T::from_uuid(self.uuid())
    }

    /// A new invite code.
    fn invite_code(&self) -> InviteCode {
        let mut bits = [0; 16];
        self.fill(&mut bits);
        InviteCode::from_bits(bits)
    }
}

impl<S: Ids + ?Sized> IdsExt for S {}
