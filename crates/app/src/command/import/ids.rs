//! Ids derived from the names of imported things.

use domain::{Id, Timestamp};
use sha2::{Digest as _, Sha256};
use uuid::Builder;

/// The id of an imported thing: the same for the same names, and ordered by time like all others.
pub(super) fn id<T: Id>(at: Timestamp, names: &[&str]) -> T {
    let millis = u64::try_from(at.as_millis()).unwrap_or_default();
    let mut random = [0; 10];
    for (to, from) in random.iter_mut().zip(hash(names)) {
        *to = from;
    }
    T::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// A hash of names.
pub(super) fn hash(names: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for name in names {
        // The lengths distinguish "ab", "c" from "a", "bc".
        hash.update(name.len().to_be_bytes());
        hash.update(name.as_bytes());
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use domain::MessageId;

    use super::*;

    #[test]
    fn names_have_one_id_and_time_has_an_order() {
        let at = |millis| Timestamp::from_millis(millis);
        let one: MessageId = id(at(1_700_000_000_000), &["C1", "1.2"]);
        assert_eq!(one, id(at(1_700_000_000_000), &["C1", "1.2"]));
        assert_ne!(one, id(at(1_700_000_000_000), &["C11", ".2"]));
        assert!(one < id(at(1_700_000_000_001), &["C1", "1.2"]));
    }
}
