//! A user's small rooms.

use domain::{RoomId, UserId};

use crate::columns::Key;
use crate::failure::Broken;
use crate::prelude::*;
use crate::rows::at_most;
use crate::schema::{memberships, rooms};

/// Follows the index of the user's memberships, up to the limit.
pub(super) async fn small_rooms(
    db: &mut AsyncPgConnection,
    user: UserId,
    most_members: i64,
    limit: usize,
) -> Result<Vec<RoomId>, Broken> {
    let rooms: Vec<Key<RoomId>> = memberships::table
        .inner_join(rooms::table)
        .filter(memberships::user_id.eq(Key(user)))
        .filter(memberships::left_at.is_null())
        .filter(rooms::deleted_at.is_null())
        .filter(rooms::member_count.le(most_members))
        .order(memberships::room_id.desc())
        .limit(at_most(limit))
        .select(memberships::room_id)
        .load(db)
        .await?;
    Ok(rooms.into_iter().map(|key| key.0).collect())
}
