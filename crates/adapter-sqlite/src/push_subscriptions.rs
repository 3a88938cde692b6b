//! The port `PushSubscriptions`. The schema makes a subscription end with its session.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::port::PushSubscriptions;
use domain::{Device, Failure, PushEndpoint, PushSubscription, SessionId, Timestamp, UserId};

use crate::SqliteStore;
use crate::columns::{Key, MOST_KEYS, keys};
use crate::failure::Broken;
use crate::rows::PushRow;
use crate::schema::{push_subscriptions, sessions};

const PORT: &str = "push subscriptions";

#[async_trait]
impl PushSubscriptions for SqliteStore {
    async fn keep(
        &self,
        session: SessionId,
        user: UserId,
        subscription: &PushSubscription,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let subscription = subscription.clone();
        self.write(PORT, "keep", move |db| {
            if !lives(db, session, user, now)? {
                return Ok(false);
            }
            let elsewhere = push_subscriptions::table
                .filter(push_subscriptions::endpoint.eq(subscription.endpoint.as_str()))
                .filter(push_subscriptions::session.ne(Key(session)));
            diesel::delete(elsewhere).execute(db)?;
            diesel::insert_into(push_subscriptions::table)
                .values(PushRow::of(session, &subscription))
                .on_conflict(push_subscriptions::session)
                .do_update()
                .set(PushRow::of(session, &subscription))
                .execute(db)?;
            Ok(true)
        })
        .await
    }

    async fn remove(
        &self,
        session: SessionId,
        user: UserId,
        only: Option<&PushEndpoint>,
    ) -> Result<bool, Failure> {
        let only = only.map(|endpoint| endpoint.as_str().to_owned());
        self.write(PORT, "remove", move |db| {
            let theirs = sessions::table
                .find(Key(session))
                .filter(sessions::user.eq(Key(user)))
                .select(sessions::id);
            let kept = push_subscriptions::table
                .filter(push_subscriptions::session.eq_any(theirs))
                .into_boxed();
            let kept = match only {
                Some(endpoint) => kept.filter(push_subscriptions::endpoint.eq(endpoint)),
                None => kept,
            };
            let found: Option<Key<SessionId>> = kept
                .select(push_subscriptions::session)
                .first(db)
                .optional()?;
            let Some(found) = found else {
                return Ok(false);
            };
            diesel::delete(push_subscriptions::table.find(found)).execute(db)?;
            Ok(true)
        })
        .await
    }

    async fn of_users(&self, users: &[UserId], now: Timestamp) -> Result<Vec<Device>, Failure> {
        let users = users.to_vec();
        self.read(PORT, "find", move |db| {
            let mut devices = Vec::new();
            for some in users.chunks(MOST_KEYS) {
                devices.extend(of_users(db, some, now)?);
            }
            Ok(devices)
        })
        .await
    }

    async fn any(&self) -> Result<bool, Failure> {
        self.read(PORT, "check for subscriptions", |db| {
            let found: Option<Key<SessionId>> = push_subscriptions::table
                .order(push_subscriptions::session)
                .select(push_subscriptions::session)
                .first(db)
                .optional()?;
            Ok(found.is_some())
        })
        .await
    }
}

fn lives(
    db: &mut SqliteConnection,
    session: SessionId,
    user: UserId,
    now: Timestamp,
) -> Result<bool, Broken> {
    let found: Option<Key<SessionId>> = sessions::table
        .find(Key(session))
        .filter(sessions::user.eq(Key(user)))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.as_millis()))
        .select(sessions::id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

fn of_users(
    db: &mut SqliteConnection,
    users: &[UserId],
    now: Timestamp,
) -> Result<Vec<Device>, Broken> {
    let good = push_subscriptions::expires_at
        .is_null()
        .or(push_subscriptions::expires_at
            .assume_not_null()
            .gt(now.as_millis()));
    let rows: Vec<(Key<UserId>, PushRow)> = sessions::table
        .inner_join(push_subscriptions::table)
        .filter(sessions::user.eq_any(keys(users)))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.as_millis()))
        .filter(good)
        .order((sessions::last_used_at.desc(), sessions::id.desc()))
        .select((sessions::user, PushRow::as_select()))
        .load(db)?;
    let read = rows.into_iter().map(|(user, row)| {
        let (session, subscription) = row.read()?;
        Ok(Device {
            user: user.0,
            session,
            subscription,
        })
    });
    read.collect()
}
