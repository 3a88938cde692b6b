//! What is known of refresh tokens: whose each is or was.

use domain::{SessionId, Timestamp, TokenDigest, UserId};
use mongodb::bson::doc;

use crate::collections::{Collections, find};
use crate::failure::{Broken, is_duplicate};
use crate::rows::{SessionRow, TokenRow, binary, key, moment};

/// For how long a session's tokens are remembered once it was renewed: beyond its end, so that what
/// it has had need not be touched each time that it is renewed, but once in half its lifetime.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    /// What is handed out or prolonged now is remembered until then.
    pub(super) kept: Timestamp,
    /// Whatever the session has had is remembered at least until then.
    pub(super) promised: Timestamp,
}

impl Memory {
    /// Of a session that is renewed now and ends then, unless it is renewed again.
    pub(super) fn of(now: Timestamp, expires_at: Timestamp) -> Self {
        let lifetime = expires_at.since(now);
        Self {
            kept: expires_at + lifetime,
            promised: expires_at + lifetime / 2,
        }
    }
}

/// The session that a token, good or spent, belongs to, whether or not it lives.
pub(super) async fn session_of(
    collections: &Collections,
    token: TokenDigest,
) -> Result<Option<SessionRow>, Broken> {
    let row = find(&collections.tokens, doc! { "_id": binary(token) }).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (session, user): (SessionId, UserId) = (row.session(), row.user());
    // With the user, by whom sessions may be spread over machines.
    let filter = doc! { "_id": key(session), "user": key(user) };
    find(&collections.sessions, filter).await
}

/// Notes a token before it is handed out. Once more is fine, for whoever repeats what came to
/// nothing.
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

/// Remembers all that a session has had for as long as is promised. However many there are, whoever
/// was interrupted goes on where it was: those that were prolonged already are passed over.
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
    tracing::debug!(%session, tokens, "the tokens of a long session are remembered for longer");
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
        // Time that stands still or goes back is no reason to forget.
        let memory = Memory::of(now + hour, now);
        assert_eq!((memory.promised, memory.kept), (now, now));
    }
}
