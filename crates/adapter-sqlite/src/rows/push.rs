//! Push subscriptions as rows.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::{PushEndpoint, PushKeys, PushSubscription, SessionId, Timestamp};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::push_subscriptions;

/// A subscription.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = push_subscriptions, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
#[diesel(primary_key(session))]
pub(crate) struct PushRow {
    session: Key<SessionId>,
    endpoint: String,
    point: Vec<u8>,
    secret: Vec<u8>,
    expires_at: Option<i64>,
}

impl PushRow {
    pub(crate) fn of(session: SessionId, subscription: &PushSubscription) -> Self {
        Self {
            session: Key(session),
            endpoint: subscription.endpoint.as_str().to_owned(),
            point: subscription.keys.point().to_vec(),
            secret: subscription.keys.secret().to_vec(),
            expires_at: subscription.expires_at.map(Timestamp::as_millis),
        }
    }

    pub(crate) fn read(self) -> Result<(SessionId, PushSubscription), Broken> {
        let session = self.session.0;
        let spot = Spot::new("push_subscriptions", &session);
        let keys = PushKeys::parse(&self.point, &self.secret);
        let subscription = PushSubscription {
            endpoint: spot.parsed("endpoint", PushEndpoint::parse(&self.endpoint))?,
            keys: spot.known("point", keys)?,
            expires_at: self.expires_at.map(Timestamp::from_millis),
        };
        Ok((session, subscription))
    }
}
