//! How ids, timestamps and lists of ids are stored in columns.

use diesel::data_types::PgTimestamp;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types;
use domain::{Id, Timestamp};
use std::io::Write as _;
use uuid::Uuid;

/// From 1970 to 2000, the epoch of Postgres.
const EPOCH_MILLIS: i64 = 946_684_800_000;
const MICROS: i64 = 1_000;

/// An id in a column of type `uuid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Uuid)]
pub(crate) struct Key<T: Id>(pub(crate) T);

impl<T: Id> ToSql<sql_types::Uuid, Pg> for Key<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_uuid().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl<T: Id> FromSql<sql_types::Uuid, Pg> for Key<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(T::from_uuid(Uuid::from_slice(value.as_bytes())?)))
    }
}

/// Ids as an array parameter.
pub(crate) fn keys<T: Id>(ids: &[T]) -> Vec<Key<T>> {
    ids.iter().copied().map(Key).collect()
}

/// A moment in a column of type `timestamptz`. Postgres counts microseconds; we use whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Timestamptz)]
pub(crate) struct Moment(pub(crate) Timestamp);

impl ToSql<sql_types::Timestamptz, Pg> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self.0.as_millis().checked_sub(EPOCH_MILLIS);
        let micros = micros.and_then(|millis| millis.checked_mul(MICROS));
        let micros = micros.ok_or("the moment is out of the database's range")?;
        ToSql::<sql_types::Timestamptz, Pg>::to_sql(&PgTimestamp(micros), &mut out.reborrow())
    }
}

impl FromSql<sql_types::Timestamptz, Pg> for Moment {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(micros) = FromSql::<sql_types::Timestamptz, Pg>::from_sql(value)?;
        let millis = micros.div_euclid(MICROS).saturating_add(EPOCH_MILLIS);
        Ok(Self(Timestamp::from_millis(millis)))
    }
}
