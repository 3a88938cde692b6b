//! The owners of refresh tokens, current and past.

use domain::{SessionId, Timestamp, TokenDigest, UserId};
use mongodb::bson::doc;

use crate::collections::{Collections, find};
use crate::failure::{Broken, is_duplicate};
use crate::rows::{SessionRow, TokenRow, binary, key, moment};

/// For how long a session's tokens are remembered after a renewal: beyond its end, so that the earlier
/// tokens do not have to be touched at each renewal, but only once per half lifetime.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    /// Until when tokens issued or prolonged now are remembered.
    pub(super) kept: Timestamp,
    /// Until when all the session's tokens are remembered at least.
    pub(super) promised: Timestamp,
}

impl Memory {
    /// For a session that is renewed now and ends at `expires_at`, unless it is renewed again.
    pub(super) fn of(now: Timestamp, expires_at: Timestamp) -> Self {
        let lifetime = expires_at.since(now);
        Self {
            kept: expires_at + lifetime,
            promised: expires_at + lifetime / 2,
        }
    }
}

/// The session of a token, valid or spent, whether or not the session is live.
pub(super) async fn session_of(
    collections: &Collections,
    token: TokenDigest,
) -> Result<Option<SessionRow>, Broken> {
    let row = find(&collections.tokens, doc! { "_id": binary(token) }).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (session, user): (SessionId, UserId) = (row.session(), row.user());
    // The user is the shard key of sessions.
    let filter = doc! { "_id": key(session), "user": key(user) };
    find(&collections.sessions, filter).await
}

/// Records a token before it is issued. Recording it again, as a retry does, is fine.
pub(super) async fn note(
    collections: &Collections,
    token: TokenDigest,
    (session, user): (SessionId, UserId),
    until: Timestamp,
) -> Result<(), Broken> {
    let row = TokenRow::of(token, (session, user), until);
    match collections.tokens.insert_one(row).await {
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => {
            let same = doc! { "_id": binary(token), "session": key(session) };
            let longer = doc! { "$max": { "expires_at": moment(until) } };
            let told = collections.tokens.update_one(same, longer).await?;
            if told.matched_count == 0 {
                return Err(Broken::Taken("token"));
            }
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Prolongs the retention of all tokens of a session as far as promised. However many there are, a
/// retry continues where the first attempt was interrupted: tokens already prolonged are skipped.
pub(super) async fn prolong(
    collections: &Collections,
    session: SessionId,
    memory: Memory,
) -> Result<(), Broken> {
    let short = doc! {
        "session": key(session),
        "expires_at": { "$lt": moment(memory.promised) },
    };
    let longer = doc! { "$set": { "expires_at": moment(memory.kept) } };
    let told = collections.tokens.update_many(short, longer).await?;
    let tokens = told.modified_count;
    tracing::debug!(%session, tokens, "prolonged the retention of a session's refresh tokens");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use port_contracts::at;

    use super::*;

    #[test]
    fn tokens_are_remembered_beyond_their_session() {
        let (now, hour) = (at(0), Duration::from_hours(1));
        let memory = Memory::of(now, now + 2 * hour);
        assert_eq!(memory.promised, now + 3 * hour);
        assert_eq!(memory.kept, now + 4 * hour);
        // A clock that stands still or goes back must not shorten the retention.
        let memory = Memory::of(now + hour, now);
        assert_eq!((memory.promised, memory.kept), (now, now));
    }
}
