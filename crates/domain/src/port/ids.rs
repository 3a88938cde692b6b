//! Where new ids and random bits come from.

use uuid::Uuid;

use crate::{Id, InviteCode};

/// Makes ids and randomness. The only source of both, so that tests can repeat themselves.
///
/// # Obligations
/// - `ids_never_repeat`: no UUID is given out twice, not even to two callers at once.
/// - `ids_rise_with_time`: a UUID is of version 7, and greater than those given out before it by the
///   same source.
/// - `random_bits_differ`: two fills of 16 bytes differ.
pub trait Ids: Send + Sync + 'static {
    /// A new UUID of version 7.
    fn uuid(&self) -> Uuid;

    /// Fills `bytes` with bits that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// Comfort over [`Ids`].
pub trait IdsExt: Ids {
    /// A new id of whatever kind is wanted.
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
