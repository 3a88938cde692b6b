//! The port `PushSubscriptions`: a field of the session's document, removed when the session ends.

use async_trait::async_trait;
use domain::port::PushSubscriptions;
use domain::{Device, Failure, PushEndpoint, PushSubscription, SessionId, Timestamp, UserId};
use futures::TryStreamExt as _;
use mongodb::bson::{RawDocumentBuf, Uuid, doc};

use crate::MongoStore;
use crate::collections::Collections;
use crate::failure::Broken;
use crate::rows::{DeviceRow, Row as _, key, live, moment, push};

const PORT: &str = "push subscriptions";

/// Users per command.
const AT_ONCE: usize = 1_000;

#[async_trait]
impl PushSubscriptions for MongoStore {
    async fn keep(
        &self,
        session: SessionId,
        user: UserId,
        subscription: &PushSubscription,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        self.ask(PORT, "keep", async {
            let sessions = &self.collections().await?.sessions;
            let mut own = live(now);
            own.insert("_id", key(session));
            own.insert("user", key(user));
            let set = doc! { "$set": { "push": push(subscription) } };
            let told = sessions.update_one(own, set).await?;
            if told.matched_count == 0 {
                return Ok(false);
            }
            // Last, so that an interrupted call is put right by repeating it.
            let elsewhere = doc! {
                "push.endpoint": subscription.endpoint.as_str(),
                "_id": { "$ne": key(session) },
            };
            let unset = doc! { "$unset": { "push": "" } };
            sessions.update_many(elsewhere, unset).await?;
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
        self.ask(PORT, "remove", async {
            let mut own = doc! {
                "_id": key(session),
                "user": key(user),
                "push": { "$exists": true },
            };
            if let Some(endpoint) = only {
                own.insert("push.endpoint", endpoint.as_str());
            }
            let unset = doc! { "$unset": { "push": "" } };
            let sessions = &self.collections().await?.sessions;
            let told = sessions.update_one(own, unset).await?;
            Ok(told.matched_count > 0)
        })
        .await
    }

    async fn of_users(&self, users: &[UserId], now: Timestamp) -> Result<Vec<Device>, Failure> {
        self.ask(PORT, "find", async {
            let collections = self.collections().await?;
            let mut devices = Vec::new();
            for some in users.chunks(AT_ONCE) {
                devices.extend(of_users(collections, some, now).await?);
            }
            Ok(devices)
        })
        .await
    }

    async fn any(&self) -> Result<bool, Failure> {
        self.ask(PORT, "check for subscriptions", async {
            let sessions = &self.collections().await?.sessions;
            let sessions = sessions.clone_with_type::<RawDocumentBuf>();
            // Matches the sparse index, which contains only sessions with an endpoint.
            let some = doc! { "push.endpoint": { "$gt": "" } };
            let found = sessions.find_one(some).projection(doc! { "_id": 1 });
            Ok(found.await?.is_some())
        })
        .await
    }
}

async fn of_users(
    collections: &Collections,
    users: &[UserId],
    now: Timestamp,
) -> Result<Vec<Device>, Broken> {
    let users: Vec<Uuid> = users.iter().copied().map(key).collect();
    let mut theirs = live(now);
    theirs.insert("user", doc! { "$in": users });
    theirs.insert("push.endpoint", doc! { "$gt": "" });
    // `$not` also matches subscriptions that have no expiry.
    theirs.insert("push.expires_at", doc! { "$not": { "$lte": moment(now) } });
    let sessions = collections.sessions.clone_with_type::<RawDocumentBuf>();
    let mut found = sessions
        .find(theirs)
        .projection(doc! { "user": 1, "push": 1 })
        .sort(doc! { "last_used_at": -1, "_id": -1 })
        .await?;
    let mut devices = Vec::new();
    while let Some(raw) = found.try_next().await? {
        devices.push(DeviceRow::read(&raw)?.device()?);
    }
    Ok(devices)
}
