//! The exchange of a refresh token. The writer runs one at a time, so of any number of exchanges with
//! the same token exactly one finds it unspent.

use diesel::prelude::*;
use domain::port::sessions::{Rotated, Rotation};
use domain::rotating::{self, Presented, Token, Verdict};
use domain::{Session, SessionId, Timestamp, TokenDigest};

use crate::columns::{Digest, Key};
use crate::failure::Broken;
use crate::rows::SessionRow;
use crate::schema::{refresh_tokens, sessions};

/// When a token was spent, and which token replaced it.
type Spent = (Option<i64>, Option<Digest>);

pub(super) fn rotate(db: &mut SqliteConnection, rotation: &Rotation) -> Result<Rotated, Broken> {
    let found: Option<(SessionRow, Spent)> = refresh_tokens::table
        .inner_join(sessions::table)
        .filter(refresh_tokens::digest.eq(Digest(rotation.presented)))
        .select((
            SessionRow::as_select(),
            (refresh_tokens::spent_at, refresh_tokens::replaced_by),
        ))
        .first(db)
        .optional()?;
    let Some((row, spent)) = found else {
        return Ok(Rotated::Unknown);
    };
    let presented = Presented {
        expires_at: Timestamp::from_millis(row.expires_at),
        has_ended: row.ended_at.is_some(),
        token: token(db, spent)?,
    };
    match rotating::judge(presented, rotation) {
        Verdict::Unknown => Ok(Rotated::Unknown),
        Verdict::Revoked => Ok(Rotated::Revoked),
        Verdict::Renew => renew(db, row.read()?, rotation),
        Verdict::Repeat => Ok(Rotated::Repeated(row.read()?)),
        Verdict::End => end(db, row.read()?, rotation.at),
    }
}

fn token(db: &mut SqliteConnection, spent: Spent) -> Result<Token, Broken> {
    let (Some(at), Some(replacement)) = spent else {
        return Ok(Token::Current);
    };
    if is_spent(db, replacement)? {
        return Ok(Token::Earlier);
    }
    Ok(Token::Previous(Timestamp::from_millis(at)))
}

/// Records a token that was issued for a session.
pub(super) fn hand_out(
    db: &mut SqliteConnection,
    token: TokenDigest,
    session: SessionId,
) -> Result<(), Broken> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::digest.eq(Digest(token)),
            refresh_tokens::session.eq(Key(session)),
        ))
        .execute(db)?;
    Ok(())
}

fn renew(
    db: &mut SqliteConnection,
    mut session: Session,
    rotation: &Rotation,
) -> Result<Rotated, Broken> {
    diesel::update(refresh_tokens::table.find(Digest(rotation.presented)))
        .set((
            refresh_tokens::spent_at.eq(rotation.at.as_millis()),
            refresh_tokens::replaced_by.eq(Digest(rotation.replacement)),
        ))
        .execute(db)?;
    hand_out(db, rotation.replacement, session.id)?;
    rotation.renew(&mut session);
    diesel::update(sessions::table.find(Key(session.id)))
        .set((
            sessions::last_used_at.eq(session.last_used_at.as_millis()),
            sessions::expires_at.eq(session.expires_at.as_millis()),
            sessions::ip.eq(session.origin.ip.map(|ip| ip.to_string())),
            sessions::user_agent.eq(session.origin.user_agent.as_str()),
        ))
        .execute(db)?;
    Ok(Rotated::Renewed(session))
}

fn end(db: &mut SqliteConnection, session: Session, at: Timestamp) -> Result<Rotated, Broken> {
    diesel::update(sessions::table.find(Key(session.id)))
        .set(sessions::ended_at.eq(at.as_millis()))
        .execute(db)?;
    Ok(Rotated::Reused(session))
}

fn is_spent(db: &mut SqliteConnection, token: Digest) -> Result<bool, Broken> {
    let spent: Option<Option<i64>> = refresh_tokens::table
        .find(token)
        .select(refresh_tokens::spent_at)
        .first(db)
        .optional()?;
    Ok(spent.flatten().is_some())
}
