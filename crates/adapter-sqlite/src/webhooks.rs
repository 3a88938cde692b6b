//! The port `Webhooks`.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::port::Webhooks;
use domain::port::webhooks::WebhookChange;
use domain::{Failure, Webhook, WebhookId};

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
        let change = change.clone();
        self.write(PORT, "change", move |db| update(db, id, &change))
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

fn update(
    db: &mut SqliteConnection,
    id: WebhookId,
    change: &WebhookChange,
) -> Result<Option<Webhook>, Broken> {
    let Some(webhook) = find(db, id)? else {
        return Ok(None);
    };
    let webhook = change.apply(webhook);
    diesel::update(webhooks::table.find(Key(id)))
        .set((
            webhooks::url.eq(webhook.url.as_str()),
            webhooks::topics.eq(topics_column(&webhook.topics)),
            webhooks::room.eq(webhook.room.map(Key)),
            webhooks::enabled.eq(webhook.enabled),
        ))
        .execute(db)?;
    Ok(Some(webhook))
}
