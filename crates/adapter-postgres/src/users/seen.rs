//! Recording when users were last connected.

use std::collections::BTreeMap;

use diesel::sql_types::{Array, Timestamptz, Uuid};
use domain::{Timestamp, UserId};

use crate::columns::{Key, Moment};
use crate::failure::Broken;
use crate::prelude::*;

/// Locks the rows by rising id before changing any, so that two servers that saw the same users cannot
/// deadlock.
const FORWARD: &str = "
    WITH later AS (
        SELECT users.id, seen.at
        FROM unnest($1, $2) AS seen (id, at)
        JOIN users ON users.id = seen.id
        WHERE users.last_seen_at IS NULL OR users.last_seen_at < seen.at
        ORDER BY users.id
        FOR NO KEY UPDATE OF users
    )
    UPDATE users SET last_seen_at = later.at FROM later WHERE users.id = later.id
";

pub(super) async fn seen(
    db: &mut AsyncPgConnection,
    sightings: &[(UserId, Timestamp)],
) -> Result<(), Broken> {
    let (ids, moments): (Vec<_>, Vec<_>) = latest(sightings)
        .into_iter()
        .map(|(id, at)| (Key(id), Moment(at)))
        .unzip();
    if ids.is_empty() {
        return Ok(());
    }
    diesel::sql_query(FORWARD)
        .bind::<Array<Uuid>, _>(ids)
        .bind::<Array<Timestamptz>, _>(moments)
        .execute(db)
        .await?;
    Ok(())
}

/// The latest sighting of each user, because a statement can change a row only once.
fn latest(sightings: &[(UserId, Timestamp)]) -> BTreeMap<UserId, Timestamp> {
    let mut latest = BTreeMap::new();
    for (id, at) in sightings {
        let known = latest.entry(*id).or_insert(*at);
        *known = (*known).max(*at);
    }
    latest
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn of_several_sightings_the_last_counts() {
        let id = UserId::from_uuid(Uuid::from_u128(7));
        let [early, late] = [1, 2].map(Timestamp::from_millis);
        let found = latest(&[(id, early), (id, late), (id, early)]);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [(id, late)]);
    }
}
