//! Sessions as documents.

use std::net::IpAddr;

use domain::rotating::{Presented, Token};
use domain::{Session, SessionId, SessionOrigin, Timestamp, TokenDigest, UserAgent, UserId};
use mongodb::bson::{Binary, Bson, DateTime, Document, Uuid, doc};
use serde::{Deserialize, Serialize};

use super::fields::{binary, digest, id, key, moment, timestamp};
use super::row::Row;
use crate::failure::{Broken, Spot};

/// A session with its two relevant tokens: the valid one, and the one that it replaced.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SessionRow {
    #[serde(rename = "_id")]
    id: Uuid,
    user: Uuid,
    created_at: DateTime,
    last_used_at: DateTime,
    expires_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    user_agent: String,
    current: Binary,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<PreviousRow>,
    remembered_until: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<DateTime>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PreviousRow {
    digest: Binary,
    spent_at: DateTime,
}

impl Row for SessionRow {
    const COLLECTION: &'static str = "sessions";
}

/// The condition for a live session.
pub(crate) fn live(now: Timestamp) -> Document {
    doc! { "ended_at": Bson::Null, "expires_at": { "$gt": moment(now) } }
}

/// The update that ends a session, and removes its push subscription.
pub(crate) fn ended(now: Timestamp) -> Document {
    doc! { "$set": { "ended_at": moment(now) }, "$unset": { "push": "" } }
}

impl SessionRow {
    /// A session that was just opened.
    pub(crate) fn of(session: &Session, token: TokenDigest, remembered_until: Timestamp) -> Self {
        Self {
            id: key(session.id),
            user: key(session.user),
            created_at: moment(session.created_at),
            last_used_at: moment(session.last_used_at),
            expires_at: moment(session.expires_at),
            ip: session.origin.ip.map(|ip| ip.to_string()),
            user_agent: session.origin.user_agent.as_str().to_owned(),
            current: binary(token),
            previous: None,
            remembered_until: moment(remembered_until),
            ended_at: None,
        }
    }

    pub(crate) fn session(&self) -> Result<Session, Broken> {
        let id = self.id();
        let ip = self.ip.as_deref().map(str::parse::<IpAddr>).transpose();
        Ok(Session {
            id,
            user: self.user(),
            created_at: timestamp(self.created_at),
            last_used_at: timestamp(self.last_used_at),
            expires_at: timestamp(self.expires_at),
            origin: SessionOrigin {
                ip: Spot::new(Self::COLLECTION, &id).parsed("ip", ip)?,
                user_agent: UserAgent::clip(&self.user_agent),
            },
        })
    }

    pub(crate) fn id(&self) -> SessionId {
        id(self.id)
    }

    pub(crate) fn user(&self) -> UserId {
        id(self.user)
    }

    pub(crate) const fn has_ended(&self) -> bool {
        self.ended_at.is_some()
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        timestamp(self.expires_at) <= now
    }

    /// Until when all of its tokens are remembered at least.
    pub(crate) const fn remembered_until(&self) -> Timestamp {
        timestamp(self.remembered_until)
    }

    /// The only valid token.
    pub(crate) fn current(&self) -> Result<TokenDigest, Broken> {
        Spot::new(Self::COLLECTION, &self.id()).parsed("current", digest(&self.current))
    }

    /// What is known of one of its tokens.
    pub(crate) fn presented(&self, token: TokenDigest) -> Result<Presented, Broken> {
        Ok(Presented {
            expires_at: timestamp(self.expires_at),
            has_ended: self.has_ended(),
            token: self.token(token)?,
        })
    }

    fn token(&self, token: TokenDigest) -> Result<Token, Broken> {
        if self.current()? == token {
            return Ok(Token::Current);
        }
        let Some(previous) = &self.previous else {
            return Ok(Token::Earlier);
        };
        let digest = digest(&previous.digest);
        if Spot::new(Self::COLLECTION, &self.id()).parsed("previous", digest)? == token {
            return Ok(Token::Previous(timestamp(previous.spent_at)));
        }
        Ok(Token::Earlier)
    }
}
