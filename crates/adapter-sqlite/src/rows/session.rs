//! Sessions as rows.

use std::net::IpAddr;

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::{Session, SessionId, SessionOrigin, Timestamp, UserAgent, UserId};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::sessions;

/// A session.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct SessionRow {
    pub(crate) id: Key<SessionId>,
    user: Key<UserId>,
    created_at: i64,
    last_used_at: i64,
    pub(crate) expires_at: i64,
    ip: Option<String>,
    user_agent: String,
    pub(crate) ended_at: Option<i64>,
}

impl SessionRow {
    pub(crate) fn read(self) -> Result<Session, Broken> {
        let id = self.id.0;
        let ip = self.ip.map(|ip| ip.parse::<IpAddr>()).transpose();
        Ok(Session {
            id,
            user: self.user.0,
            created_at: Timestamp::from_millis(self.created_at),
            last_used_at: Timestamp::from_millis(self.last_used_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            origin: SessionOrigin {
                ip: Spot::new("sessions", &id).parsed("ip", ip)?,
                user_agent: UserAgent::clip(&self.user_agent),
            },
        })
    }

    /// A session that has not ended.
    pub(crate) fn of(session: &Session) -> Self {
        Self {
            id: Key(session.id),
            user: Key(session.user),
            created_at: session.created_at.as_millis(),
            last_used_at: session.last_used_at.as_millis(),
            expires_at: session.expires_at.as_millis(),
            ip: session.origin.ip.map(|ip| ip.to_string()),
            user_agent: session.origin.user_agent.as_str().to_owned(),
            ended_at: None,
        }
    }
}
