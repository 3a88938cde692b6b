//! Signed-in devices and their refresh tokens.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use async_trait::async_trait;
use domain::port::sessions::{Rotated, Rotation};
use domain::port::{Sessions, Upkeep};
use domain::rotating::{self, Presented, Token, Verdict};
use domain::{Failure, PushSubscription, Session, SessionId, Timestamp, TokenDigest, UserId};

use crate::lock::lock;

/// Keeps sessions for the life of the process.
#[derive(Default)]
pub struct MemorySessions {
    pub(crate) tables: Mutex<Tables>,
}

#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) sessions: HashMap<SessionId, SessionRow>,
    tokens: HashMap<TokenDigest, TokenRow>,
    pub(crate) of_user: HashMap<UserId, BTreeSet<SessionId>>,
}

pub(crate) struct SessionRow {
    pub(crate) session: Session,
    ended: bool,
    pub(crate) push: Option<PushSubscription>,
    /// All tokens of the session, in order. The spent ones reveal when a stolen one is used.
    tokens: Vec<TokenDigest>,
}

struct TokenRow {
    session: SessionId,
    spent_at: Option<Timestamp>,
}

#[async_trait]
impl Sessions for MemorySessions {
    async fn open(&self, session: &Session, token: TokenDigest) -> Result<(), Failure> {
        lock(&self.tables).open(session, token)
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        lock(&self.tables).rotate(rotation)
    }

    async fn find_by_token(
        &self,
        token: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure> {
        let tables = lock(&self.tables);
        let row = tables.tokens.get(&token);
        Ok(row.and_then(|row| tables.live(row.session, now)).cloned())
    }

    async fn of_user(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Failure> {
        let tables = lock(&self.tables);
        let ids = tables.of_user.get(&user).into_iter().flatten();
        let live = ids.filter_map(|id| tables.live(*id, now));
        let mut sessions: Vec<Session> = live.cloned().collect();
        sessions.sort_by_key(|session| Reverse((session.last_used_at, session.id)));
        Ok(sessions)
    }

    async fn live(&self, ids: &[SessionId], now: Timestamp) -> Result<Vec<SessionId>, Failure> {
        let tables = lock(&self.tables);
        let live = ids.iter().filter(|id| tables.live(**id, now).is_some());
        Ok(live.copied().collect())
    }

    async fn end(&self, id: SessionId, user: UserId, now: Timestamp) -> Result<bool, Failure> {
        let mut tables = lock(&self.tables);
        let theirs = tables.live(id, now).is_some_and(|s| s.user == user);
        Ok(theirs && tables.end(id).is_some())
    }

    async fn end_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, Failure> {
        let mut tables = lock(&self.tables);
        let ids = tables.of_user.get(&user).into_iter().flatten();
        let live = ids.filter(|id| tables.live(**id, now).is_some());
        let ending: Vec<SessionId> = live.filter(|id| Some(**id) != except).copied().collect();
        for id in &ending {
            tables.end(*id);
        }
        Ok(ending)
    }
}

#[async_trait]
impl Upkeep for MemorySessions {
    async fn clear(&self, now: Timestamp, limit: usize) -> Result<usize, Failure> {
        Ok(lock(&self.tables).clear(now, limit))
    }
}

impl Tables {
    fn open(&mut self, session: &Session, token: TokenDigest) -> Result<(), Failure> {
        if self.sessions.contains_key(&session.id) || self.tokens.contains_key(&token) {
            return Err(Failure::lasting("sessions", "open", "the id is in use"));
        }
        let row = SessionRow {
            session: session.clone(),
            ended: false,
            push: None,
            tokens: vec![token],
        };
        self.sessions.insert(session.id, row);
        self.tokens.insert(token, unspent(session.id));
        let of_user = self.of_user.entry(session.user).or_default();
        of_user.insert(session.id);
        Ok(())
    }

    fn rotate(&mut self, rotation: &Rotation) -> Result<Rotated, Failure> {
        let Some((row, token)) = self.find(rotation.presented) else {
            return Ok(Rotated::Unknown);
        };
        let presented = Presented {
            expires_at: row.session.expires_at,
            has_ended: row.ended,
            token,
        };
        let session = row.session.clone();
        match rotating::judge(presented, rotation) {
            Verdict::Unknown => Ok(Rotated::Unknown),
            Verdict::Revoked => Ok(Rotated::Revoked),
            Verdict::Renew => self.renew(session, rotation),
            Verdict::Repeat => Ok(Rotated::Repeated(session)),
            Verdict::End => {
                self.end(session.id);
                Ok(Rotated::Reused(session))
            }
        }
    }

    /// The session of a token, and which of its tokens it is.
    fn find(&self, token: TokenDigest) -> Option<(&SessionRow, Token)> {
        let known = self.tokens.get(&token)?;
        let row = self.sessions.get(&known.session)?;
        let previous = row.tokens.iter().rev().nth(1);
        let place = match known.spent_at {
            None => Token::Current,
            Some(at) if previous == Some(&token) => Token::Previous(at),
            Some(_) => Token::Earlier,
        };
        Some((row, place))
    }

    fn renew(&mut self, mut session: Session, rotation: &Rotation) -> Result<Rotated, Failure> {
        if self.tokens.contains_key(&rotation.replacement) {
            let what = "the replacement is in use";
            return Err(Failure::lasting("sessions", "rotate", what));
        }
        rotation.renew(&mut session);
        if let Some(row) = self.sessions.get_mut(&session.id) {
            row.session = session.clone();
            row.tokens.push(rotation.replacement);
        }
        if let Some(token) = self.tokens.get_mut(&rotation.presented) {
            token.spent_at = Some(rotation.at);
        }
        self.tokens
            .insert(rotation.replacement, unspent(session.id));
        Ok(Rotated::Renewed(session))
    }

    pub(crate) fn live(&self, id: SessionId, now: Timestamp) -> Option<&Session> {
        let row = self.sessions.get(&id)?;
        (!row.ended && row.session.expires_at > now).then_some(&row.session)
    }

    fn end(&mut self, id: SessionId) -> Option<()> {
        let row = self.sessions.get_mut(&id)?;
        row.ended = true;
        row.push = None;
        Some(())
    }

    /// Removes tokens of expired sessions, and each session after its last token.
    fn clear(&mut self, now: Timestamp, limit: usize) -> usize {
        let rows = self.sessions.values_mut();
        let mut removed = 0;
        let mut empty = Vec::new();
        for row in rows.filter(|row| row.session.expires_at <= now) {
            while removed < limit
                && let Some(token) = row.tokens.pop()
            {
                self.tokens.remove(&token);
                removed += 1;
            }
            if removed >= limit {
                break;
            }
            empty.push((row.session.id, row.session.user));
            removed += 1;
        }
        for (id, user) in empty {
            self.forget(id, user);
        }
        removed
    }

    fn forget(&mut self, id: SessionId, user: UserId) {
        self.sessions.remove(&id);
        if let Some(ids) = self.of_user.get_mut(&user) {
            ids.remove(&id);
            if ids.is_empty() {
                self.of_user.remove(&user);
            }
        }
    }
}

const fn unspent(session: SessionId) -> TokenRow {
    TokenRow {
        session,
        spent_at: None,
    }
}
