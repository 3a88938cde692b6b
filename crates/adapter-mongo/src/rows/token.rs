//! Refresh tokens as documents.

use domain::{SessionId, Timestamp, TokenDigest, UserId};
use mongodb::bson::{Binary, DateTime, Uuid};
use serde::{Deserialize, Serialize};

use super::fields::{binary, id, key, moment};
use super::row::Row;

/// The owner of a token, valid or spent. Only its expiry ever changes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TokenRow {
    /// The digest.
    #[serde(rename = "_id")]
    id: Binary,
    session: Uuid,
    user: Uuid,
    expires_at: DateTime,
}

impl Row for TokenRow {
    const COLLECTION: &'static str = "refresh_tokens";
}

impl TokenRow {
    pub(crate) fn of(
        digest: TokenDigest,
        (session, user): (SessionId, UserId),
        remembered_until: Timestamp,
    ) -> Self {
        Self {
            id: binary(digest),
            session: key(session),
            user: key(user),
            expires_at: moment(remembered_until),
        }
    }

    pub(crate) fn session(&self) -> SessionId {
        id(self.session)
    }

    pub(crate) fn user(&self) -> UserId {
        id(self.user)
    }
}
