//! Push subscriptions of devices, stored with their sessions.

use std::cmp::Reverse;

use async_trait::async_trait;
use domain::port::PushSubscriptions;
use domain::{Device, Failure, PushEndpoint, PushSubscription, SessionId, Timestamp, UserId};

use crate::MemorySessions;
use crate::lock::lock;

#[async_trait]
impl PushSubscriptions for MemorySessions {
    async fn keep(
        &self,
        session: SessionId,
        user: UserId,
        subscription: &PushSubscription,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let mut tables = lock(&self.tables);
        if tables.live(session, now).is_none_or(|it| it.user != user) {
            return Ok(false);
        }
        let is_same = |kept: &PushSubscription| kept.endpoint == subscription.endpoint;
        for (id, row) in &mut tables.sessions {
            if *id == session {
                row.push = Some(subscription.clone());
            } else if row.push.as_ref().is_some_and(is_same) {
                row.push = None;
            }
        }
        Ok(true)
    }

    async fn remove(
        &self,
        session: SessionId,
        user: UserId,
        only: Option<&PushEndpoint>,
    ) -> Result<bool, Failure> {
        let mut tables = lock(&self.tables);
        let row = tables.sessions.get_mut(&session);
        let Some(row) = row.filter(|row| row.session.user == user) else {
            return Ok(false);
        };
        let is_meant = |kept: &mut PushSubscription| only.is_none_or(|only| kept.endpoint == *only);
        Ok(row.push.take_if(is_meant).is_some())
    }

    async fn of_users(&self, users: &[UserId], now: Timestamp) -> Result<Vec<Device>, Failure> {
        let tables = lock(&self.tables);
        let theirs = users.iter().filter_map(|user| tables.of_user.get(user));
        let live = theirs
            .flatten()
            .filter(|id| tables.live(**id, now).is_some());
        let rows = live.filter_map(|id| tables.sessions.get(id));
        let mut found: Vec<_> = rows
            .filter_map(|row| Some((&row.session, row.push.as_ref()?)))
            .filter(|(_, push)| push.expires_at.is_none_or(|at| at > now))
            .collect();
        found.sort_by_key(|(session, _)| Reverse((session.last_used_at, session.id)));
        let device = |(session, push): (&domain::Session, &PushSubscription)| Device {
            user: session.user,
            session: session.id,
            subscription: push.clone(),
        };
        Ok(found.into_iter().map(device).collect())
    }

    async fn any(&self) -> Result<bool, Failure> {
        let tables = lock(&self.tables);
        Ok(tables.sessions.values().any(|row| row.push.is_some()))
    }
}
