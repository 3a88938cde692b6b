//! How ids, digests and moments are stored in a document.

use domain::{BoxError, Id, Timestamp, TokenDigest};
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, DateTime, Uuid};

/// An id as a UUID, which tools display as one.
pub(crate) fn key(id: impl Id) -> Uuid {
    Uuid::from_bytes(id.as_uuid().into_bytes())
}

/// A stored id.
pub(crate) fn id<T: Id>(key: Uuid) -> T {
    T::from_uuid(uuid::Uuid::from_bytes(key.bytes()))
}

/// A digest as 32 bytes.
pub(crate) fn binary(digest: TokenDigest) -> Binary {
    Binary {
        subtype: BinarySubtype::Generic,
        bytes: digest.as_bytes().to_vec(),
    }
}

/// A stored digest.
pub(crate) fn digest(binary: &Binary) -> Result<TokenDigest, BoxError> {
    let bytes = <[u8; 32]>::try_from(binary.bytes.as_slice())?;
    Ok(TokenDigest::from_bytes(bytes))
}

/// A moment: both types count milliseconds since 1970.
pub(crate) const fn moment(at: Timestamp) -> DateTime {
    DateTime::from_millis(at.as_millis())
}

/// A stored moment.
pub(crate) const fn timestamp(at: DateTime) -> Timestamp {
    Timestamp::from_millis(at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use domain::UserId;
    use mongodb::bson::{Bson, serialize_to_bson};
    use port_contracts::{at, fresh};

    use super::*;

    #[test]
    fn ids_are_uuids() {
        let user: UserId = fresh();
        assert_eq!(id::<UserId>(key(user)), user);
        let stored = serialize_to_bson(&key(user)).unwrap();
        let Bson::Binary(stored) = stored else {
            panic!("{stored:?}")
        };
        assert_eq!(stored.subtype, BinarySubtype::Uuid);
        assert_eq!(stored.bytes, user.as_uuid().as_bytes());
    }

    #[test]
    fn a_digest_has_its_length() {
        let token = TokenDigest::from_bytes([7; 32]);
        assert_eq!(digest(&binary(token)).unwrap(), token);
        let mut short = binary(token);
        short.bytes.pop();
        assert!(digest(&short).is_err());
    }

    #[test]
    fn moments_keep_their_milliseconds() {
        for millis in [0, -1, 1_234_567] {
            assert_eq!(timestamp(moment(at(millis))), at(millis));
        }
    }
}
