//! The port `Upkeep`.
//!
//! Rows are removed before the rows they refer to: tokens before their session, reactions before their
//! message, everything before its room. Each step has a limit, and whatever it leaves is found by the
//! next call.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::port::Upkeep;
use domain::{Failure, RoomId, SessionId, Timestamp, UserId};

use crate::SqliteStore;
use crate::columns::{Digest, Key};
use crate::failure::Broken;
use crate::rows::at_most;
use crate::schema::{
    bans, invites, media, memberships, mentions, messages, reactions, refresh_tokens, rooms,
    sessions,
};
use crate::text_index;

/// Messages per call, because a statement takes a limited number of values.
const MESSAGES_AT_ONCE: usize = 1_000;

#[async_trait]
impl Upkeep for SqliteStore {
    async fn clear(&self, now: Timestamp, limit: usize) -> Result<usize, Failure> {
        self.write("upkeep", "clear", move |db| clear(db, now, limit))
            .await
    }
}

/// How many rows this call may still remove, and how many it has removed.
struct Budget {
    left: usize,
    spent: usize,
}

impl Budget {
    fn spend(&mut self, removed: usize) {
        self.left = self.left.saturating_sub(removed);
        self.spent = self.spent.saturating_add(removed);
    }
}

fn clear(db: &mut SqliteConnection, now: Timestamp, limit: usize) -> Result<usize, Broken> {
    let mut budget = Budget {
        left: limit,
        spent: 0,
    };
    clear_sessions(db, now, &mut budget)?;
    while budget.left > 0 {
        let Some(room) = deleted_room(db)? else {
            break;
        };
        clear_room(db, room, &mut budget)?;
    }
    Ok(budget.spent)
}

fn clear_sessions(
    db: &mut SqliteConnection,
    now: Timestamp,
    budget: &mut Budget,
) -> Result<(), Broken> {
    let tokens: Vec<Digest> = refresh_tokens::table
        .inner_join(sessions::table)
        .filter(sessions::expires_at.le(now.as_millis()))
        .limit(at_most(budget.left))
        .select(refresh_tokens::digest)
        .load(db)?;
    for digest in tokens {
        budget.spend(diesel::delete(refresh_tokens::table.find(digest)).execute(db)?);
    }
    // If any budget is left, then no token of these sessions is.
    let expired: Vec<Key<SessionId>> = sessions::table
        .filter(sessions::expires_at.le(now.as_millis()))
        .limit(at_most(budget.left))
        .select(sessions::id)
        .load(db)?;
    for id in expired {
        budget.spend(diesel::delete(sessions::table.find(id)).execute(db)?);
    }
    Ok(())
}

fn deleted_room(db: &mut SqliteConnection) -> Result<Option<RoomId>, Broken> {
    let room: Option<Key<RoomId>> = rooms::table
        .filter(rooms::deleted_at.is_not_null())
        .order(rooms::deleted_at)
        .select(rooms::id)
        .first(db)
        .optional()?;
    Ok(room.map(|key| key.0))
}

/// Removes what is left of a deleted room, and the room itself once nothing is left.
fn clear_room(db: &mut SqliteConnection, room: RoomId, budget: &mut Budget) -> Result<(), Broken> {
    let nums: Vec<i64> = messages::table
        .filter(messages::room.eq(Key(room)))
        .order(messages::seq)
        .limit(at_most(budget.left.min(MESSAGES_AT_ONCE)))
        .select(messages::num)
        .load(db)?;
    if !nums.is_empty() {
        return clear_messages(db, &nums, budget);
    }
    clear_people(db, room, budget)?;
    clear_invites(db, room, budget)?;
    if budget.left > 0 {
        budget.spend(diesel::delete(rooms::table.find(Key(room))).execute(db)?);
    }
    Ok(())
}

fn clear_messages(
    db: &mut SqliteConnection,
    nums: &[i64],
    budget: &mut Budget,
) -> Result<(), Broken> {
    let given: Vec<i64> = reactions::table
        .filter(reactions::message.eq_any(nums))
        .limit(at_most(budget.left))
        .select(reactions::num)
        .load(db)?;
    for num in given {
        budget.spend(diesel::delete(reactions::table.find(num)).execute(db)?);
    }
    let mentioned: Vec<(i64, i64)> = mentions::table
        .filter(mentions::message.eq_any(nums))
        .limit(at_most(budget.left))
        .select((mentions::message, mentions::place))
        .load(db)?;
    for key in mentioned {
        budget.spend(diesel::delete(mentions::table.find(key)).execute(db)?);
    }
    for num in nums.iter().take(budget.left) {
        // Uploads stay as orphans: their bytes have to be deleted before their rows.
        diesel::update(media::table.filter(media::message.eq(num)))
            .set(media::message.eq(None::<i64>))
            .execute(db)?;
        text_index::remove(db, *num)?;
        budget.spend(diesel::delete(messages::table.find(num)).execute(db)?);
    }
    Ok(())
}

fn clear_people(
    db: &mut SqliteConnection,
    room: RoomId,
    budget: &mut Budget,
) -> Result<(), Broken> {
    let members: Vec<Key<UserId>> = memberships::table
        .filter(memberships::room.eq(Key(room)))
        .limit(at_most(budget.left))
        .select(memberships::user)
        .load(db)?;
    for user in members {
        budget.spend(diesel::delete(memberships::table.find((Key(room), user))).execute(db)?);
    }
    let banned: Vec<Key<UserId>> = bans::table
        .filter(bans::room.eq(Key(room)))
        .limit(at_most(budget.left))
        .select(bans::user)
        .load(db)?;
    for user in banned {
        budget.spend(diesel::delete(bans::table.find((Key(room), user))).execute(db)?);
    }
    Ok(())
}

fn clear_invites(
    db: &mut SqliteConnection,
    room: RoomId,
    budget: &mut Budget,
) -> Result<(), Broken> {
    let codes: Vec<String> = invites::table
        .filter(invites::room.eq(Key(room)))
        .limit(at_most(budget.left))
        .select(invites::code)
        .load(db)?;
    for code in codes {
        budget.spend(diesel::delete(invites::table.find(code)).execute(db)?);
    }
    Ok(())
}
