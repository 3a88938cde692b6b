//! How ids and digests are stored in columns.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Binary;
use diesel::sqlite::Sqlite;
use domain::{Id, TokenDigest};
use uuid::Uuid;

/// An id in a column of 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub(crate) struct Key<T: Id>(pub(crate) T);

impl<T: Id> ToSql<Binary, Sqlite> for Key<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

impl<T: Id> FromSql<Binary, Sqlite> for Key<T> {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(bytes)?;
        Ok(Self(T::from_uuid(Uuid::from_slice(&bytes)?)))
    }
}

/// The most ids that one statement may name. SQLite allows 32,766 parameters, which leaves room for the
/// statement's other ones.
pub(crate) const MOST_KEYS: usize = 30_000;

/// Ids as an `IN` list; at most [`MOST_KEYS`].
pub(crate) fn keys<T: Id>(ids: &[T]) -> Vec<Key<T>> {
    ids.iter().copied().map(Key).collect()
}

/// A refresh token's digest in a column of 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub(crate) struct Digest(pub(crate) TokenDigest);

impl ToSql<Binary, Sqlite> for Digest {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

impl FromSql<Binary, Sqlite> for Digest {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(bytes)?;
        let digest = <[u8; 32]>::try_from(bytes).map_err(|_bytes| "a digest has 32 bytes")?;
        Ok(Self(TokenDigest::from_bytes(digest)))
    }
}
