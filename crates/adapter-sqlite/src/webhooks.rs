//! The port `Webhooks`.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::port::Webhooks;
use domain::port::webhooks::WebhookChange;
use domain::{Failure, RoomId, Webhook, WebhookId};

use crate::SqliteStore;
use crate::columns::Key;
use crate::failure::Broken;
use crate::rows::{WebhookRow, topics_column};
use crate::schema::webhooks;

const PORT: &str = "webhooks";

#[async_trait]
impl Webhooks for SqliteStore {
    async fn create(&self, webhook: &Webhook) -> Result<(), Failure> {
        let row = WebhookRow::of(webhook);
        self.write(PORT, "create", move |db| {
            diesel::insert_into(webhooks::table)
                .values(row)
                .execute(db)?;
            Ok(())
        })
        .await
    }

    async fn all(&self) -> Result<Vec<Webhook>, Failure> {
        self.read(PORT, "list", |db| {
            let rows: Vec<WebhookRow> = webhooks::table
                .order((webhooks::created_at, webhooks::id))
                .select(WebhookRow::as_select())
                .load(db)?;
            rows.into_iter().map(WebhookRow::read).collect()
        })
        .await
    }

    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Failure> {
        self.read(PORT, "find", move |db| find(db, id)).await
    }

    async fn change(
        &self,
        id: WebhookId,
        change: &WebhookChange,
    ) -> Result<Option<Webhook>, Failure> {
        let change = Changed::of(change);
        self.write(PORT, "change", move |db| {
            if !change.is_empty() {
                diesel::update(webhooks::table.find(Key(id)))
                    .set(change)
                    .execute(db)?;
            }
            find(db, id)
        })
        .await
    }

    async fn remove(&self, id: WebhookId) -> Result<bool, Failure> {
        self.write(PORT, "remove", move |db| {
            Ok(diesel::delete(webhooks::table.find(Key(id))).execute(db)? > 0)
        })
        .await
    }
}

fn find(db: &mut SqliteConnection, id: WebhookId) -> Result<Option<Webhook>, Broken> {
    let row: Option<WebhookRow> = webhooks::table
        .find(Key(id))
        .select(WebhookRow::as_select())
        .first(db)
        .optional()?;
    row.map(WebhookRow::read).transpose()
}

/// The columns that change.
#[derive(AsChangeset)]
#[diesel(table_name = webhooks)]
#[expect(
    clippy::option_option,
    reason = "this is how Diesel tells what stays from what becomes nothing"
)]
struct Changed {
    url: Option<String>,
    topics: Option<String>,
    room: Option<Option<Key<RoomId>>>,
    enabled: Option<bool>,
}

impl Changed {
    fn of(change: &WebhookChange) -> Self {
        Self {
            url: change.url.as_ref().map(|url| url.as_str().to_owned()),
            topics: change.topics.as_ref().map(topics_column),
            room: change.room.map(|room| room.map(Key)),
            enabled: change.enabled,
        }
    }

    /// Whether nothing changes, which Diesel refuses to run.
    const fn is_empty(&self) -> bool {
        self.url.is_none() && self.topics.is_none() && self.room.is_none() && self.enabled.is_none()
    }
}
